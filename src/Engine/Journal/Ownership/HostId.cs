using System.Globalization;

namespace Amoe.Engine.Journal.Ownership;

/// <summary>One life of a host: given out by the store when it joins, never twice. A host that starts again is another one.</summary>
public readonly record struct HostId(long Value)
{
    /// <summary>Nobody.</summary>
    public static readonly HostId None;

    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
