using Amoe.Engine.Akka.Days;
using Amoe.Engine.Akka.Journal;
using Amoe.Engine.Akka.Ledgers;
using Amoe.Engine.Akka.Students;
using Amoe.Engine.Akka.Watch;

namespace Amoe.Engine.Akka;

/// <summary>Everything that is persisted or travels: all of it in the engine's own bytes.</summary>
internal static class AkkaMessages
{
    public static IReadOnlyList<Type> All { get; } =
    [
        typeof(StudentRecord), typeof(ClaimRecord), typeof(LedgerRecord), typeof(PostingsKept), typeof(CalendarPage),
        typeof(JournalMade), typeof(StudentSnapshot), typeof(ClaimSnapshot), typeof(LedgerSnapshot), typeof(CalendarSnapshot),
        typeof(StudentCommand), typeof(ResolveCommand), typeof(StudentReply), typeof(FireDue), typeof(DueFired), typeof(PersistFailed), typeof(StudentAway),
        typeof(StopStudent), typeof(LookAgain), typeof(DeadlineHeard), typeof(MarkDay), typeof(DayIsMarked), typeof(AskDays), typeof(Days.Days),
        typeof(TakePostings), typeof(PostingsAccepted), typeof(OpenLedgerDay), typeof(LedgerDayIsOpen), typeof(LedgerLetters), typeof(LettersHeard),
        typeof(AskLetters), typeof(HostStatus),
    ];
}
