namespace Amoe.Engine.Journal.Ownership;

/// <summary>The store answered, and the host is struck off: its lease ran out. It has lost every shard and joins anew, as another.</summary>
public sealed class LeaseLostException(string message) : JournalException(message);
