using Amoe.Engine.Journal;
using Spectre.Console;

namespace Amoe.Host.Running;

/// <summary>Where results (standard output) and everything else (standard error) go, and whether a person is watching.</summary>
internal sealed class Terminal
{
    /// <summary>Nothing that is redirected is broken into lines but by the one who reads it.</summary>
    private const int NoWidth = 10_000;

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

    /// <summary>True while a live display is drawn: lines then go above it.</summary>
    public bool IsDrawing { get; set; }

    /// <summary>One line on standard error, however long; a password in an address that somebody wrote where none belongs is not repeated.</summary>
    public void Line(string message)
    {
        message = JournalAddress.WithoutPasswords(message);
        lock (_gate)
        {
            if (IsDrawing)
                Error.Write(new Paragraph($"amoe: {message}\n"));
            else
                Console.Error.WriteLine($"amoe: {message}");
        }
    }

    /// <summary>A line of the result that is not broken where a window ends, so that it can be copied.</summary>
    public static void Plain(string line) => Console.Out.WriteLine(line);

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
            console.Profile.Width = NoWidth;
        return console;
    }
}
