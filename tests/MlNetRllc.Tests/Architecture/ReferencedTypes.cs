using Mono.Cecil;
using Mono.Cecil.Cil;

namespace MlNetRllc.Tests.Architecture;

/// <summary>The types that a declaration or a method names, with everything that is part of their names.</summary>
internal sealed class ReferencedTypes
{
    private readonly HashSet<TypeReference> found = [];

    /// <summary>The plain types, without arguments or brackets.</summary>
    public IEnumerable<TypeReference> Found => found;

    /// <summary>Bases, interfaces, fields, properties, constraints and attributes of a type.</summary>
    public void OfDeclaration(TypeDefinition type)
    {
        Add(type.BaseType);
        foreach (var i in type.Interfaces) Add(i.InterfaceType);
        foreach (var field in type.Fields)
        {
            Add(field.FieldType);
            Attributes(field);
        }
        foreach (var property in type.Properties)
        {
            Add(property.PropertyType);
            Attributes(property);
        }
        Constraints(type);
        Attributes(type);
    }

    /// <summary>Signature and body of a method.</summary>
    public void OfMethod(MethodDefinition method)
    {
        Signature(method);
        foreach (var overridden in method.Overrides) Signature(overridden);
        foreach (var parameter in method.Parameters) Attributes(parameter);
        Constraints(method);
        Attributes(method);
        if (!method.HasBody) return;
        foreach (var variable in method.Body.Variables) Add(variable.VariableType);
        foreach (var handler in method.Body.ExceptionHandlers) Add(handler.CatchType);
        foreach (var instruction in method.Body.Instructions) Operand(instruction);
    }

    private void Operand(Instruction instruction)
    {
        switch (instruction.Operand)
        {
            case TypeReference type: Add(type); break;
            case FieldReference field: Add(field.DeclaringType); Add(field.FieldType); break;
            case MethodReference method: Signature(method); break;
            case CallSite site: Add(site.ReturnType); break;
        }
    }

    private void Signature(MethodReference method)
    {
        Add(method.DeclaringType);
        Add(method.ReturnType);
        foreach (var parameter in method.Parameters) Add(parameter.ParameterType);
        if (method is GenericInstanceMethod generic) foreach (var argument in generic.GenericArguments) Add(argument);
    }

    private void Constraints(IGenericParameterProvider provider)
    {
        foreach (var parameter in provider.GenericParameters)
            foreach (var constraint in parameter.Constraints) Add(constraint.ConstraintType);
    }

    private void Attributes(ICustomAttributeProvider provider)
    {
        foreach (var attribute in provider.CustomAttributes)
        {
            Add(attribute.AttributeType);
            foreach (var argument in attribute.ConstructorArguments) if (argument.Value is TypeReference type) Add(type);
        }
    }

    private void Add(TypeReference? type)
    {
        if (type is GenericInstanceType generic) foreach (var argument in generic.GenericArguments) Add(argument);
        if (type is FunctionPointerType pointer)
        {
            Add(pointer.ReturnType);
            foreach (var parameter in pointer.Parameters) Add(parameter.ParameterType);
        }
        else if (type is TypeSpecification specification) Add(specification.ElementType);
        else if (type is not null and not GenericParameter) found.Add(type);
    }
}
