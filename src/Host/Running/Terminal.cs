using Spectre.Console;

namespace Amoe.Host.Running;

/// <summary>Where results (standard output) and everything else (standard error) go, and whether a person is watching.</summary>
internal sealed class Terminal
{
    /// <summary>What reports are made for, wherever they cannot ask how wide their reader's window is.</summary>
    private const int UsualWidth = 100;

    private readonly Lock _gate = new();

    public Terminal(TimeProvider time)
    {
        Time = time;
        Out = ConsoleOn(Console.Out, Console.IsOutputRedirected);
        Error = ConsoleOn(Console.Error, Console.IsErrorRedirected);
        IsWatched = !Console.IsErrorRedirected && Error.Profile.Capabilities.Ansi;
    }

    public TimeProvider Time { get; }

    public IAnsiConsole Out { get; }

    public IAnsiConsole Error { get; }

    /// <summary>True when standard error is a terminal on which a line can be drawn again.</summary>
    public bool IsWatched { get; }

    /// <summary>One line on standard error, however long, above the live display if there is one.</summary>
    public void Line(string message)
    {
        lock (_gate)
        {
            if (IsWatched)
                Error.Write(new Paragraph($"amoe: {message}\n"));
            else
                Console.Error.WriteLine($"amoe: {message}");
        }
    }

    private static IAnsiConsole ConsoleOn(TextWriter writer, bool redirected)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = redirected ? AnsiSupport.No : AnsiSupport.Detect,
            ColorSystem = redirected ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect,
            Interactive = InteractionSupport.No,
        });
        if (redirected)
            console.Profile.Width = UsualWidth;
        return console;
    }
}
