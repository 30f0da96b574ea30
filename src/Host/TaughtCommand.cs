using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Amoe.Host;

/// <summary>A command whose help goes on after its options: what happens when, and examples.</summary>
internal sealed class TaughtCommand(string name, string description, string notes) : Command(name, description)
{
    public string Notes => notes;
}

/// <summary>Prints the usual help, and then what a command has to teach.</summary>
internal sealed class TeachingHelp(HelpAction usual) : SynchronousCommandLineAction
{
    private const int WidthMax = 100;

    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        usual.MaxWidth = WidthMax;
        usual.Invoke(parseResult);
        var output = parseResult.InvocationConfiguration.Output;
        if (parseResult.CommandResult.Command is TaughtCommand command)
            output.WriteLine(command.Notes + Environment.NewLine);
        output.WriteLine(ExitCode.Help);
        return ExitCode.Done;
    }
}
