namespace MlNetRllc.Core.Options;

/// <summary>Names of the options that were given a value, so that the others can follow what they are used on.</summary>
/// <remarks>No part of a record's value: equal to any other, for a default that is written out changes nothing else.</remarks>
internal readonly struct GivenNames : IEquatable<GivenNames>
{
    private readonly string[]? names;

    private GivenNames(string[] names) => this.names = names;

    /// <summary>Whether an option was given, be it as its default is.</summary>
    public bool Has(string name) => names is not null && names.Contains(name, StringComparer.Ordinal);

    /// <summary>The same and one more.</summary>
    public GivenNames With(string name) => Has(name) ? this : new([.. names ?? [], name]);

    /// <inheritdoc/>
    public bool Equals(GivenNames other) => true;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is GivenNames;

    /// <inheritdoc/>
    public override int GetHashCode() => 0;
}
