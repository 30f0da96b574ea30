using Amoe.Engine.Rules;

namespace Amoe.Engine.Explaining;

/// <summary>A message: a key of the catalogues, and values for the names in braces of its text.</summary>
internal sealed record Message(string Key, params (string Name, Argument Value)[] Arguments)
{
    /// <exception cref="InvalidOperationException">The message has no value of this name.</exception>
    public Argument ValueOf(string name)
    {
        foreach (var (known, value) in Arguments)
        {
            if (known == name)
                return value;
        }

        throw new InvalidOperationException($"'{Key}' wants '{name}' and is not given it");
    }
}

/// <summary>
/// A decision explained: what, under which rule, by which values of the rulebook, and because of what. It has no text
/// in it; the catalogues do (<see cref="Wording"/>).
/// </summary>
internal sealed record Explanation(Message Message)
{
    public Explanation(string key, params (string Name, Argument Value)[] arguments)
        : this(new Message(key, arguments))
    {
    }

    /// <summary>The rule of the scheme, such as S3; empty where none is applied.</summary>
    public string Rule { get; init; } = "";

    /// <summary>The values of the rulebook it was decided by.</summary>
    public IReadOnlyList<ParameterUse> Parameters { get; init; } = [];

    /// <summary>The grounds, in the order in which they are read.</summary>
    public IReadOnlyList<Explanation> Because { get; init; } = [];

    /// <summary>
    /// The short form: the few lines that answer the question, read before the grounds. Of the root alone.
    /// </summary>
    public IReadOnlyList<Explanation> Summary { get; init; } = [];

    public Explanation Under(string rule) => this with { Rule = rule };

    public Explanation By(params ParameterUse[] parameters) =>
        this with { Parameters = [.. Parameters, .. parameters] };

    public Explanation For(params IEnumerable<Explanation?> grounds) =>
        this with { Because = [.. Because, .. grounds.OfType<Explanation>()] };

    public Explanation InShort(params IEnumerable<Explanation?> lines) =>
        this with { Summary = [.. Summary, .. lines.OfType<Explanation>()] };

    /// <summary>It and everything below it.</summary>
    public IEnumerable<Explanation> All() => Because.SelectMany(ground => ground.All()).Prepend(this);
}

/// <summary>A value of the rulebook as it was read for a decision (X8).</summary>
/// <param name="Period">The parameter or act, its value, the days it holds, its source.</param>
/// <param name="ReadOn">The date it was read at.</param>
/// <param name="What">What it is.</param>
/// <param name="Value">The value, typed.</param>
internal sealed record ParameterUse(ParameterPeriod Period, DateOnly ReadOn, Name What, Argument Value);
