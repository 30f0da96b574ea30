using System.CommandLine;
using System.CommandLine.Completions;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;

namespace Amoe.Host;

/// <summary>
/// Answers the directive <c>[suggest:POSITION]</c> with the words that fit that position of a command line, a line
/// each. The library's own answer has names of enum members, which no option takes, ways to spell help that belong to
/// another system, and options that the line has already.
/// </summary>
internal sealed class Suggestions(Command root, SuggestDirective directive) : SynchronousCommandLineAction
{
    private static readonly string[] _otherHelp = ["-?", "/?", "/h"];

    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        var line = parseResult.Tokens.LastOrDefault(token => token.Type != TokenType.Directive)?.Value ?? "";
        var position = parseResult.GetResult(directive) is { Values: [var asked, ..] }
            && int.TryParse(asked, out var number) ? number : line.Length;
        foreach (var suggestion in Of(WithoutProgram(UpTo(line, position))))
            parseResult.InvocationConfiguration.Output.WriteLine(suggestion);
        return ExitCode.Done;
    }

    /// <summary>The words that fit in the place of the last word and begin with it.</summary>
    private IEnumerable<string> Of(string line)
    {
        var word = line[(line.LastIndexOf(' ') + 1)..];
        var before = Parse(line[..^word.Length]);
        var given = GivenIn(before).SelectMany(option => option.Option.Aliases.Append(option.Option.Name)).ToHashSet();
        var place = WithoutSwitch(before, line[..^word.Length]);
        var onlyOptions = HasAllArguments(place);
        return place.GetCompletions().Select(item => item.InsertText ?? item.Label).Distinct()
            .Where(text =>
                text.StartsWith(word, StringComparison.Ordinal)
                    && !given.Contains(text)
                    && !_otherHelp.Contains(text)
                    && (!onlyOptions || text[0] == '-'));
    }

    /// <summary>
    /// A switch takes true or false too, which are not worth offering: after one, the words of its own place are
    /// offered.
    /// </summary>
    private ParseResult WithoutSwitch(ParseResult parsed, string line) =>
        GivenIn(parsed).LastOrDefault() is { Option: Option<bool>, IdentifierToken.Value: var name }
            && line.TrimEnd().EndsWith($" {name}", StringComparison.Ordinal)
            ? Parse(line.TrimEnd()[..^name.Length])
            : parsed;

    /// <summary>True where the command takes arguments and has them, and no option is in want of its value.</summary>
    private static bool HasAllArguments(ParseResult parsed) =>
        parsed.CommandResult.Command.Arguments is { Count: > 0 } arguments && parsed.Tokens[^1].Type != TokenType.Option
        && arguments.All(argument =>
            parsed.GetResult(argument) is { } result && result.Tokens.Count >= argument.Arity.MaximumNumberOfValues);

    private ParseResult Parse(string line) =>
        root.Parse(line, new ParserConfiguration { ResponseFileTokenReplacer = null });

    private static IEnumerable<OptionResult> GivenIn(ParseResult parsed) =>
        parsed.CommandResult.Children.OfType<OptionResult>().Where(option => !option.Implicit);

    /// <summary>A shell may cut spaces off the end of a line, and says a position behind it.</summary>
    private static string UpTo(string line, int position) =>
        line.PadRight(Math.Clamp(position, 0, line.Length + 1))[..Math.Clamp(position, 0, line.Length + 1)];

    /// <summary>A shell's line begins with the program, as it was spelt; that of dotnet-suggest does not.</summary>
    private static string WithoutProgram(string line)
    {
        var end = line.IndexOf(' ', StringComparison.Ordinal);
        return end > 0 && Path.GetFileNameWithoutExtension(line[..end]) == "amoe" ? line[(end + 1)..] : line;
    }
}

/// <summary>The suggestions of the symbols of a command line.</summary>
internal static class Offered
{
    /// <summary>Offers these values and nothing else.</summary>
    public static TOption Offering<TOption>(this TOption option, Func<IEnumerable<string>> values)
        where TOption : Symbol
    {
        var sources = option switch
        {
            Option named => named.CompletionSources,
            Argument argument => argument.CompletionSources,
            _ => throw new ArgumentException("only options and arguments have values", nameof(option)),
        };
        sources.Clear();
        sources.Add(_ => values().Select(value => new CompletionItem(value)));
        return option;
    }
}
