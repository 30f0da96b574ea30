namespace Amoe.Engine.Domain;

/// <summary>The outcome of a command. The numbers are in the journal.</summary>
public enum Outcome : byte
{
    /// <summary>
    /// The turn failed before it was known to be durable: its events may be in the journal or not. Send the same
    /// command again.
    /// </summary>
    Unknown = 0,

    /// <summary>The mailbox is full: nothing was decided. Send again later.</summary>
    Overloaded = 1,

    // 2 was of a version that did not act on every command.

    /// <summary>The actor threw: it was restarted and nothing was journalled.</summary>
    Failed = 3,

    /// <summary>The actor cannot be replayed and is out of service until someone looks at it.</summary>
    Quarantined = 4,

    /// <summary>The id was used before with other content: an error of the sender.</summary>
    Conflict = 5,

    /// <summary>The answer to a <see cref="Query"/>.</summary>
    Answered = 6,

    /// <summary>
    /// The command's known date lies before the partition's day, or is none a partition can open: known dates never go
    /// backwards. Nothing was journalled.
    /// </summary>
    Stale = 7,

    // From here on: decisions, journalled.
    Done = 8,
    Refused = 9,
    ApplicationAccepted = 10,
    ApplicationRefused = 11,
    ClaimReturned = 12,
    ClaimPayable = 13,
    ClaimNothingPayable = 14,

    /// <summary>Adjudicated, and held before payment: for a physician, or as a possible duplicate.</summary>
    ClaimHeld = 15,
}

/// <summary>The answer to a command, given only after what it rests on is durable.</summary>
/// <param name="Command">The command's id.</param>
/// <param name="Outcome">What became of it.</param>
/// <param name="Reason">Why it was refused, or <see cref="Reason.None"/>.</param>
/// <param name="Answer">
/// The answer to a query; to a command that revised claims other than its own, which
/// (<see cref="Claims.ClaimsRevised"/>); null otherwise.
/// </param>
public readonly record struct Reply(
    CommandId Command, Outcome Outcome, Reason Reason = Reason.None, object? Answer = null)
{
    /// <summary>
    /// The rule of the scheme that the reason rests on, such as C2; empty where there is none (X8). It follows from the
    /// reason and is not sent.
    /// </summary>
    public string Rule => ReasonRules.RuleOf(Reason);

    /// <summary>True when the command was decided (even if refused) and the decision is in the journal.</summary>
    public bool IsDecision => Outcome >= Outcome.Done;
}

/// <summary>
/// Where the answer to a command goes. Called once per command, by one thread at a time per partition, after the
/// commit.
/// </summary>
public interface IReplyTo
{
    /// <summary>The incarnation of the partition that the sender speaks to; 0 for whichever it is.</summary>
    long Incarnation => 0;

    void OnReply(StudentId student, in Reply reply);
}

/// <summary>The recipient of an answer that no one waits for.</summary>
internal sealed class NoReply : IReplyTo
{
    public static readonly NoReply Instance = new();

    public void OnReply(StudentId student, in Reply reply)
    {
        // The journal has the answer, and the sender hears of it by a posting.
    }
}
