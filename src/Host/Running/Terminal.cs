using System.Text.Json;
using Amoe.Engine.Journal;
using Spectre.Console;

namespace Amoe.Host.Running;

/// <summary>
/// Where results (standard output) and everything else (standard error) go, and whether a person is watching.
/// </summary>
/// <param name="heard">Takes each line in place of standard error, on any thread.</param>
internal sealed class Terminal(TimeProvider time, Action<string>? heard = null)
{
    /// <summary>Redirected output is not wrapped: its reader does that.</summary>
    private const int NoWidth = 10_000;

    private readonly Lock _gate = new();

    // Made when they are first used: help and JSON need neither, and would take a sixth longer.
    private readonly Lazy<IAnsiConsole> _out = new(() => ConsoleOn(Console.Out, Console.IsOutputRedirected));
    private readonly Lazy<IAnsiConsole> _error = new(() => ConsoleOn(Console.Error, Console.IsErrorRedirected));

    public TimeProvider Time => time;

    public IAnsiConsole Out => _out.Value;

    public IAnsiConsole Error => _error.Value;

    /// <summary>True when standard error is a terminal on which a line can be drawn again.</summary>
    public bool IsWatched => !Console.IsErrorRedirected && Error.Profile.Capabilities.Ansi;

    /// <summary>True while a live display is drawn: lines then go above it.</summary>
    public bool IsDrawing { get; set; }

    /// <summary>
    /// One line on standard error, however long; a password in an address that somebody wrote where none belongs is not
    /// repeated.
    /// </summary>
    public void Line(string message)
    {
        message = OnOneLine(JournalAddress.WithoutPasswords(message));
        Write(() =>
        {
            if (heard is not null)
                heard(message);
            else if (IsDrawing)
                Error.Write(new Paragraph($"amoe: {message}\n"));
            else
                Console.Error.WriteLine($"amoe: {message}");
        });
    }

    /// <summary>One JSON object as a line on standard error.</summary>
    /// <param name="message">A text in it, of which a password in an address is taken out.</param>
    /// <param name="write">Writes the object, with the text as it is then.</param>
    public void JsonLine(string message, Action<Utf8JsonWriter, string> write)
    {
        using var line = new StringWriter();
        Reports.JsonLine.Write(line, json => write(json, JournalAddress.WithoutPasswords(message)));
        var text = line.ToString().TrimEnd();
        Write(() => (heard ?? Console.Error.WriteLine)(text));
    }

    private void Write(Action write)
    {
        lock (_gate)
        {
            try
            {
                write();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Standard error is closed or its disk is full: there is nowhere to say so, and the exit code still
                // says how the command ended.
            }
        }
    }

    /// <summary>A line of the result that is not broken where a window ends, so that it can be copied.</summary>
    public static void Plain(string line) => Console.Out.WriteLine(line);

    /// <summary>A file's name may hold line ends, and sequences that a terminal obeys.</summary>
    private static string OnOneLine(string message) => string.Create(message.Length, message, (line, from) =>
    {
        for (var i = 0; i < line.Length; i++)
            line[i] = char.IsControl(from[i]) ? '?' : from[i];
    });

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
