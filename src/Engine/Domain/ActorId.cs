using System.Globalization;

namespace Amoe.Engine.Domain;

/// <summary>
/// The actor of a student, or of one of the student's claims. Its text is the persistence id that the read journal
/// knows it by: <c>student-16</c>, <c>claim-16-1026</c>.
/// </summary>
/// <param name="Claim">
/// The claim's sheet number, which is unique among the student's claims; null for the student's own actor.
/// </param>
public readonly record struct ActorId(StudentId Student, ulong? Claim = null)
{
    private const string StudentPrefix = "student-";
    private const string ClaimPrefix = "claim-";

    /// <summary>
    /// True for an event of this actor: a claim has its own, and all others of a student's history are the student's.
    /// </summary>
    public bool Has(Event e) => (e as ClaimEvent)?.Claim == Claim;

    /// <summary>Reads a persistence id.</summary>
    /// <returns>False for what is no student's and no claim's.</returns>
    public static bool TryParse(string persistenceId, out ActorId id)
    {
        id = default;
        if (persistenceId.StartsWith(StudentPrefix, StringComparison.Ordinal)
            && TryNumber(persistenceId[StudentPrefix.Length..], out var student))
            id = new ActorId(new StudentId(student));
        else if (persistenceId.StartsWith(ClaimPrefix, StringComparison.Ordinal)
            && persistenceId[ClaimPrefix.Length..].Split('-') is [var of, var sheet]
            && TryNumber(of, out student) && TryNumber(sheet, out var claim))
            id = new ActorId(new StudentId(student), claim);
        else
            return false;

        // One actor has one name: «student-016» is none.
        return id.ToString() == persistenceId;
    }

    public override string ToString() => Claim is { } claim
        ? string.Create(CultureInfo.InvariantCulture, $"{ClaimPrefix}{Student.Value}-{claim}")
        : string.Create(CultureInfo.InvariantCulture, $"{StudentPrefix}{Student.Value}");

    private static bool TryNumber(string text, out ulong number) =>
        ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
