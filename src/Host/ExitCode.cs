namespace Amoe.Host;

/// <summary>The exit codes of the program. Scripts rely on the numbers: never change one.</summary>
internal static class ExitCode
{
    public const int Done = 0;
    public const int WrongUsage = 1;

    /// <summary>The things compared differ: the same code as that of diff.</summary>
    public const int Different = 1;
    public const int BadInput = 2;
    public const int BadJournal = 3;
    public const int AssertionFailed = 4;
    public const int Unexpected = 70;
    public const int NotWritten = 74;
    public const int Stopped = 130;

    public const string Help = """
        Exit codes:
          0    done; a simulation's own assertions hold
          1    wrong usage; rules diff: the rulebooks differ; opening: the totals differ
          2    a scenario, rulebook, case, key or secret file, a folder to emit to, a file to report to, or
               an address to listen on, that cannot be used
          3    a journal or vault that cannot be opened, created or written, or does not verify;
               quarantine: a host did not answer
          4    the run ended and its own assertions do not hold; rules test: a case does not;
               quarantine retry: something stays out of service
          70   a fault of the program
          74   the result cannot be written to standard output, commands to the file of --emit, or the page
               to that of --report
          130  stopped by Ctrl-C or SIGTERM; the journal is clean and can be resumed
        """;
}
