using Amoe.Engine.Actors;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Parties;

namespace Amoe.Engine.Akka.Ledgers;

/// <summary>What is for one shard of parties, by its number among these.</summary>
internal interface IForLedgers
{
    int Party { get; }
}

/// <summary>What a student's record means to ledgers.</summary>
/// <param name="Record">Its number: each is taken once, however often it comes.</param>
internal sealed record TakePostings(int Party, StudentId Student, long Record, DateOnly Day, Posting[] Postings) : IForLedgers;

/// <summary>They are durable, and become due when the next day opens.</summary>
internal sealed record PostingsAccepted(int Party, StudentId Student, long Record);

/// <summary>A day is to be opened on a shard of parties.</summary>
internal sealed record OpenLedgerDay(int Party, DateOnly Day) : IForLedgers;

/// <summary>It is: what was posted on days before is in the ledgers, and the calendar knows what they have to say.</summary>
internal sealed record LedgerDayIsOpen(int Party, DateOnly Day);

/// <summary>All that a shard's ledgers have to say to claims.</summary>
internal sealed record LedgerLetters(int Party, RecoveryLetter[] All);

/// <summary>The calendar has heard.</summary>
internal sealed record LettersHeard(int Party) : IForLedgers;

/// <summary>The calendar has not heard yet.</summary>
internal sealed record AskLetters(int Party) : IForLedgers;
