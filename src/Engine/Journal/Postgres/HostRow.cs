namespace Amoe.Engine.Journal.Postgres;

/// <summary>A host as the database knows it.</summary>
/// <param name="Id">Higher than that of every host that registered before.</param>
/// <param name="Member">Its unique address in the cluster, which no other incarnation of it has.</param>
/// <param name="Endpoint">Its HTTP address.</param>
internal sealed record HostRow(long Id, string Member, string Endpoint, HostProgram Program, HostStatus Status);

/// <summary>The program that a host runs.</summary>
/// <param name="Format">The newest format of records that it reads.</param>
internal sealed record HostProgram(string Build, int Format);

/// <summary>The status of a host.</summary>
/// <param name="Joined">When it became a member of the cluster; null while it is not.</param>
/// <param name="IsLeaving">It hands its partitions over.</param>
/// <param name="IsDead">The others have gone on without it.</param>
/// <param name="Unseen">The time since it last renewed its lease.</param>
internal sealed record HostStatus(DateTime? Joined, bool IsLeaving, bool IsDead, TimeSpan Unseen)
{
    /// <summary>True while its lease lasts and it is not dead.</summary>
    public bool IsLive => !IsDead && Unseen < PostgresRenewedLease.Duration;
}

/// <summary>A host is registered.</summary>
/// <param name="Founds">No other host lives: this one founds the cluster. Else it joins the others.</param>
/// <param name="Others">The live ones, oldest first.</param>
internal sealed record Registration(long Id, bool Founds, IReadOnlyList<HostRow> Others);
