namespace MlNetRllc.Foundation;

/// <summary>Marks an option that is the path of a file or folder that is read. In C# a relative path starts
/// from the current folder, as everywhere in .NET; in the file of a study it starts from that file's folder,
/// like every path there.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class PathOptionAttribute : Attribute;
