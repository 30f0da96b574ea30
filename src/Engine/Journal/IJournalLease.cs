namespace Amoe.Engine.Journal;

/// <summary>
/// Whether this process may still speak for a journal: answer from memory, and begin an incarnation. Writes are guarded
/// by the journal's keys instead.
/// </summary>
internal interface IJournalLease
{
    /// <summary>True while no other process can have taken the journal over.</summary>
    bool IsHeld { get; }

    /// <summary>Why it never will be again, in one line; null while that is not known.</summary>
    string? Lost { get; }

    /// <summary>Ends with <see cref="Lost"/> when it is lost for good.</summary>
    Task<string> WhenLost { get; }
}

/// <summary>A file's lock cannot be lost while its process lives.</summary>
internal sealed class FileLease : IJournalLease
{
    private readonly TaskCompletionSource<string> _never = new();

    public static readonly FileLease Instance = new();

    public bool IsHeld => true;

    public string? Lost => null;

    public Task<string> WhenLost => _never.Task;
}
