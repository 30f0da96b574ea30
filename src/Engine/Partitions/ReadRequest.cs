using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Aggregate;
using Amoe.Engine.Domain.Claims;

namespace Amoe.Engine.Partitions;

/// <summary>What has to be read back before a student's commands go on.</summary>
/// <param name="Incarnation">The core's incarnation that asks; an answer to an earlier one is dropped.</param>
/// <param name="Needs">
/// Claims, or a command's first answer; empty where the whole student is to be replayed, because his actor failed.
/// </param>
internal sealed record ReadRequest(int Incarnation, StudentId Student, IReadOnlyList<Need> Needs)
{
    public bool IsOfWholeStudent => Needs.Count == 0;
}

/// <summary>What was read back.</summary>
internal sealed record ReadResult(ReadRequest Request)
{
    /// <summary>The claims that were needed.</summary>
    public IReadOnlyList<Claim> Claims { get; init; } = [];

    /// <summary>
    /// The claims that the needed command revised, as it was answered the first time; null where it revised none.
    /// </summary>
    public ClaimsRevised? Revised { get; init; }

    /// <summary>The student, replayed.</summary>
    public StudentActor? Student { get; init; }

    /// <summary>
    /// Why the records cannot be read, where the journal has them and they are damaged: the student is quarantined.
    /// </summary>
    public string? Fault { get; init; }
}
