using System.Text;
using Amoe.Host.Running;

namespace Amoe.Host.Tests;

/// <summary>
/// Runs a command of the program in the process of the tests. A process of its own spends seconds of processor time
/// on compiling what another has compiled before. Signals, closed outputs, locks and ends of the process are tested
/// with <see cref="AmoeProcess"/>; <see cref="ProcessTests"/> holds that both write and end alike.
/// </summary>
internal static class AmoeCommand
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    static AmoeCommand()
    {
        Console.SetOut(new CallersWriter(Console.Out, caller => caller.Output));
        Console.SetError(new CallersWriter(Console.Error, caller => caller.Error));

        // A command takes its defaults from them, and a developer has his own.
        foreach (var name in AmoeProcess.Defaults(Environment.GetEnvironmentVariables().Keys.Cast<string>()).ToList())
            Environment.SetEnvironmentVariable(name, null);
    }

    public static async Task<Finished> RunAsync(params string[] args)
    {
        var caller = new CallersConsole(new StringWriter(), new StringWriter());
        CallersConsole.Current = caller;
        var command = Task.Run(() => CommandLine.RunAsync(args, new Terminal(TimeProvider.System)));
        var exitCode = await command.WaitAsync(Patience);
        return new Finished(exitCode, caller.Output.ToString()!, caller.Error.ToString()!);
    }

    private sealed record CallersConsole(TextWriter Output, TextWriter Error)
    {
        private static readonly AsyncLocal<CallersConsole?> _current = new();

        public static CallersConsole? Current
        {
            get => _current.Value;
            set => _current.Value = value;
        }
    }

    /// <summary>Writes to the console of the command whose task or thread writes.</summary>
    private sealed class CallersWriter(TextWriter outside, Func<CallersConsole, TextWriter> of) : TextWriter
    {
        public override Encoding Encoding => outside.Encoding;

        private TextWriter Writer => CallersConsole.Current is { } caller ? of(caller) : outside;

        public override void Write(char value) => Writer.Write(value);

        public override void Write(char[] buffer, int index, int count) => Writer.Write(buffer, index, count);

        public override void Write(string? value) => Writer.Write(value);

        public override void Flush() => Writer.Flush();
    }
}
