using Amoe.Engine.Actors;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Aggregate;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Explaining;
using Amoe.Engine.Journal;
using Amoe.Engine.Rules;

namespace Amoe.Engine.Cases;

/// <summary>
/// Runs a case: the real engine with one partition and one student, in memory. Queries are asked as of a live host, on
/// the current day.
/// </summary>
internal sealed class CaseWorld : ICaseView, IReplyTo, IDisposable
{
    private readonly MemoryJournal _journal;
    private readonly MemoryRuntime _runtime;
    private readonly StudentId _student;
    private Reply? _reply;

    public CaseWorld(Rulebook rulebook, StudentId student)
    {
        _student = student;
        _journal = new MemoryJournal(
            new JournalIdentity(JournalIdentity.CurrentFormatVersion, 1, rulebook.Text, "rule cases", 0, 0));
        _runtime = new MemoryRuntime(_journal, new AmoeLogic(rulebook), new EngineOptions());
    }

    /// <summary>The day that has come.</summary>
    public DateOnly Today { get; private set; }

    /// <summary>The day comes, and with it what falls due.</summary>
    public void Open(DateOnly day)
    {
        Today = day;
        _reply = null;
        Answered(_runtime.TryPostDay(0, CommandKind.OpenDay, day, this));
    }

    public Reply Send(Command command)
    {
        _reply = null;
        return Answered(_runtime.TryPost(command with { Student = _student }, this));
    }

    public EntitlementAnswer EntitlementOn(DateOnly day) =>
        (EntitlementAnswer)Send(new AskEntitlement(_student, day, Today)).Answer!;

    /// <summary>The claim, or null when there is none of this number.</summary>
    public ClaimAnswer? Claim(ulong number) =>
        Send(new AskClaim(_student, number, Today)).Answer is ClaimAnswer { Status: not ClaimStatus.None } claim
            ? claim
            : null;

    /// <summary>The records of the student.</summary>
    public IReadOnlyList<HistoryEntry> History() => [.. Engine.Journal.History.Of(_journal, _student)];

    /// <summary>All that is known; read anew, for there may be more.</summary>
    public StudentReading Reading => new Explainer(_journal).Read(_student);

    public IEnumerable<Event> Events() => History().SelectMany(entry => entry.Events);

    void IReplyTo.OnReply(StudentId student, in Reply reply) => _reply = reply;

    public void Dispose() => _journal.Dispose();

    private Reply Answered(bool isTaken) =>
        isTaken && _reply is { } reply ? reply : throw new InvalidOperationException("a command was not answered");
}
