namespace Amoe.Engine.Cluster;

/// <summary>Whom a shard's commands go to now.</summary>
/// <param name="Owner">Tells one owner from the next at the same address; 0 when nobody is known.</param>
/// <param name="Endpoint">Where it is reached; null for this process itself.</param>
internal readonly record struct Route(long Owner, string? Endpoint)
{
    /// <summary>Nobody is known to have the shard.</summary>
    public static readonly Route None;

    /// <summary>This process has it.</summary>
    public static readonly Route Here = new(-1, null);
}
