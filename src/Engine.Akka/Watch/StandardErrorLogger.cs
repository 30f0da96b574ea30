using Akka.Actor;
using Akka.Event;

namespace Amoe.Engine.Akka.Watch;

/// <summary>What Akka.NET has to say, a line each, where it does not come between a result and whoever reads it.</summary>
internal sealed class StandardErrorLogger : ReceiveActor
{
    public StandardErrorLogger()
    {
        Receive<InitializeLogger>(_ => Sender.Tell(new LoggerInitialized()));
        Receive<LogEvent>(said => Console.Error.WriteLine(Line(said)));
    }

    private static string Line(LogEvent said)
    {
        var cause = said.Cause is { } why ? $" ({why.GetType().Name}: {why.Message})" : "";
        return $"akka: {said.Message}{cause}".ReplaceLineEndings(" ");
    }
}
