using System.CommandLine;
using System.CommandLine.Completions;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using Amoe.Engine.Cases;
using Amoe.Engine.Journal;
using Amoe.Engine.Rules;
using Amoe.Host.Identity;
using Amoe.Host.Running;
using Amoe.Host.Verbs;
using Amoe.Simulator.Scenarios;

namespace Amoe.Host;

/// <summary>
/// From arguments to an exit code. Whatever was to be expected to fail is one line on standard error.
/// </summary>
internal static class CommandLine
{
    /// <summary>Runs the command that a process was started for.</summary>
    public static async Task<int> RunAsync(string[] args, TimeProvider time)
    {
        StopSignal.Listen();
        StandardOutput.Install();
        var terminal = new Terminal(time);

        // Failures on an engine's threads arrive here and nowhere else.
        AppDomain.CurrentDomain.UnhandledException += (_, e) =>
            Environment.Exit(
                StopSignal.IsEndingAtOnce ? ExitCode.Stopped : Unexpected(terminal, (Exception)e.ExceptionObject));
        var code = await RunAsync(args, terminal);

        // Does not wait for threads of an engine that was still being opened.
        if (code == ExitCode.Stopped)
            Environment.Exit(code);
        return code;
    }

    /// <summary>Changes nothing of the process, so that one process can run several commands.</summary>
    internal static async Task<int> RunAsync(string[] args, Terminal terminal)
    {
        try
        {
            var parsed = Create(terminal).Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
            if (parsed.Action is ParseErrorAction)
                throw new UsageException($"{WhatIsWrong(parsed)}. Try '{NameOf(parsed)} --help'.");

            // Signals are StopSignal's.
            return await parsed.InvokeAsync(
                new InvocationConfiguration
                {
                    EnableDefaultExceptionHandler = false,
                    ProcessTerminationTimeout = null
                });
        }
        catch (Exception) when (StopSignal.IsEndingAtOnce)
        {
            return ExitCode.Stopped;
        }
        catch (Exception e) when (CodeOf(e) is { } code)
        {
            terminal.Line(e.Message);
            return code;
        }
        catch (OperationCanceledException)
        {
            terminal.Line("stopped");
            return ExitCode.Stopped;
        }
        catch (IOException e)
        {
            // Every other file has its own exception.
            terminal.Line($"the result cannot be written: {e.Message}");
            return ExitCode.NotWritten;
        }
        catch (Exception e)
        {
            return Unexpected(terminal, e);
        }
    }

    /// <summary>The exit code of a failure that was to be expected; null of any other.</summary>
    internal static int? CodeOf(Exception e) => e switch
    {
        UsageException => ExitCode.WrongUsage,
        ScenarioException or RulebookException or CaseException or InputException => ExitCode.BadInput,
        JournalException or VaultException => ExitCode.BadJournal,
        _ => null,
    };

    private static RootCommand Create(Terminal terminal)
    {
        var root = new RootCommand(
            "Simulates Morocco's compulsory student health insurance: every student and claim an actor, every decision in a journal.")
        {
            SimulateVerb.Create(terminal),
            ServeVerb.Create(terminal),
            ClusterVerb.Create(terminal),
            VerifyVerb.Create(terminal),
            QuarantineVerb.Create(terminal),
            JournalVerb.Create(terminal),
            ExplainVerb.Create(terminal),
            RulesVerb.Create(terminal),
            KeysVerb.Create(terminal),
            VaultVerb.Create(terminal),
            OpeningVerb.Create(terminal),
            CompletionsVerb.Create(),
        };
        foreach (var suggest in root.Directives.OfType<SuggestDirective>())
            suggest.Action = new Suggestions(root, suggest);
        foreach (var option in root.Options.OfType<HelpOption>())
            option.Action = new TeachingHelp((HelpAction)option.Action!);
        return root;
    }

    private static string WhatIsWrong(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        return parsed.UnmatchedTokens.Count > 0 ? $"'{parsed.UnmatchedTokens[0]}' is not understood"
            : command.Action is null
            ? $"name a command: {string.Join(", ", command.Subcommands.Select(sub => sub.Name))}"
            // Errors in given arguments come before missing ones.
            : (parsed.Errors.FirstOrDefault(error => error.SymbolResult is OptionResult { IdentifierToken: not null })
                ?? parsed.Errors[0]).Message.TrimEnd('.');
    }

    private static string NameOf(ParseResult parsed)
    {
        var names = new List<string>();
        for (var result = parsed.CommandResult; result is not null; result = result.Parent as CommandResult)
            names.Insert(0, result.Command.Name);
        return string.Join(' ', names);
    }

    private static int Unexpected(Terminal terminal, Exception e)
    {
        terminal.Line(
            $"{e.GetType().Name}: {e.Message} This is a fault of the program: please report this line and the command to its issue tracker.");
        return ExitCode.Unexpected;
    }
}
