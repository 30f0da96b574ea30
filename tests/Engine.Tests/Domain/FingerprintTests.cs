using System.Reflection;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Tests.Journal;
using Amoe.Engine.Vocabulary;

namespace Amoe.Engine.Tests.Domain;

/// <summary>
/// A fingerprint tells the same command sent again from another under the same id: by all its content and nothing else.
/// </summary>
public sealed class FingerprintTests
{
    // Who, under which id and when it became known: the same command sent again on another day is the same. What a
    // correction is, its id says.
    private static readonly string[] NotContent = ["Student", "Reference", "Claim", "Known"];

    // What has fields of its own: each is changed alone.
    private static readonly Type[] Composed = [typeof(EnrolmentRecord), typeof(ClaimLine), typeof(Prosthesis)];

    public static TheoryData<string> Commands() => [.. Maker.CommandTypes.Select(type => type.Name)];

    [Theory]
    [MemberData(nameof(Commands))]
    public void The_same_content_has_the_same_fingerprint(string command) =>
        Assert.Equal(Make(command).Fingerprint(), Make(command).Fingerprint());

    [Theory]
    [MemberData(nameof(Commands))]
    public void Each_field_changed_alone_changes_it(string command)
    {
        var prints = new Dictionary<string, uint> { ["as it was"] = Make(command).Fingerprint() };
        foreach (var (name, changed) in Changes(command))
            prints.Add(name, changed.Fingerprint());
        Assert.Contains("Effective", prints.Keys);
        var same = prints.GroupBy(print => print.Value).FirstOrDefault(group => group.Count() > 1);
        Assert.True(
            same is null,
            $"{command} has one fingerprint for: {string.Join(", ", same?.Select(print => print.Key) ?? [])}");
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public void Whose_it_is_when_it_became_known_and_which_attempt_are_no_content(string command)
    {
        foreach (var name in NotContent)
        {
            if (Parameters(command).Any(parameter => parameter.Name == name))
                Assert.Equal((name, Make(command).Fingerprint()), (name, Make(command, name).Fingerprint()));
        }

        Assert.Equal(Make(command).Fingerprint(), (Make(command) with { Attempt = 9 }).Fingerprint());
    }

    [Fact]
    public void Fingerprints_are_written_in_journals_and_do_not_change() =>
        Approved.Text(
            "v1-fingerprints.txt",
            Maker.CommandTypes.Select(type => $"{type.Name} {Make(type.Name).Fingerprint():X8}"));

    [Fact]
    public void Lines_added_taken_away_or_in_another_order_are_other_content()
    {
        var (one, two) = (Say.Care("2023-11-10"), Say.Care("2023-11-11", Act.Specialist));
        uint[] prints = [Of(one), Of(two), Of(one, two), Of(two, one), Of(one, one), Of(one, one, one)];
        Assert.Equal(prints.Length, prints.Distinct().Count());

        static uint Of(params ClaimLine[] lines) => Say.Deposits("2023-11-20", 1, lines).Fingerprint();
    }

    [Fact]
    public void A_commands_id_is_of_its_kind_reference_and_attempt()
    {
        var id = new CommandId(CommandKind.CompleteClaim, CommandId.ReferenceLimit - 1, 255);
        Assert.Equal(
            (CommandKind.CompleteClaim, CommandId.ReferenceLimit - 1, (byte)255), (id.Kind, id.Reference, id.Attempt));
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            new CommandId(CommandKind.CompleteClaim, CommandId.ReferenceLimit));
    }

    private static IEnumerable<(string Name, Command Changed)> Changes(string command)
    {
        foreach (var parameter in Parameters(command).Where(parameter => !NotContent.Contains(parameter.Name)))
        {
            foreach (var path in Paths(parameter, ""))
                yield return (path, Make(command, path));
        }
    }

    private static IEnumerable<string> Paths(ParameterInfo parameter, string above)
    {
        var (path, part) = (above + parameter.Name,
            parameter.ParameterType.GetElementType() ?? parameter.ParameterType);
        return Composed.Contains(part)
            ? Maker.ConstructorOf(part).GetParameters().SelectMany(inner => Paths(inner, path + "."))
            : [path];
    }

    private static ParameterInfo[] Parameters(string command) => Maker.ConstructorOf(TypeOf(command)).GetParameters();

    private static Type TypeOf(string command) => Maker.CommandTypes.Single(type => type.Name == command);

    /// <summary>A command whose every field has a plain value, but for the one that is changed.</summary>
    private static Command Make(string command, string? changed = null) =>
        (Command)Construct(TypeOf(command), "", changed);

    private static object Construct(Type type, string path, string? changed)
    {
        var constructor = Maker.ConstructorOf(type);
        return constructor.Invoke(
            [.. constructor.GetParameters().Select(parameter => Value(parameter, path + parameter.Name, changed))]);
    }

    /// <summary>
    /// A field that the first version did not have is left out unless it is changed, so the first version's
    /// fingerprints stay the same.
    /// </summary>
    private static object? Value(ParameterInfo parameter, string path, string? changed)
    {
        var isChanged = changed is not null
            && (changed == path || changed.StartsWith(path + ".", StringComparison.Ordinal));
        if (parameter.HasDefaultValue && parameter.ParameterType != typeof(Circumstances))
            return !isChanged
                ? parameter.DefaultValue
                : parameter.DefaultValue is bool usual ? !usual : Value(parameter.ParameterType, path, changed);
        return Value(parameter.ParameterType, path, changed);
    }

    private static object Value(Type type, string path, string? changed)
    {
        var other = path == changed ? 1 : 0;
        if (type.IsEnum)
            return Enum.ToObject(type, 1 + other);
        if (type == typeof(DateOnly))
            return new DateOnly(2023, 11, 10 + other);
        if (type == typeof(StudentId))
            return new StudentId(7ul + (ulong)other);
        if (type == typeof(ClaimLine[]))
            return new[] { (ClaimLine)Construct(typeof(ClaimLine), path + ".", changed) };
        if (Composed.Contains(type))
            return Construct(type, path + ".", changed);
        return type == typeof(bool) ? other == 1 : Convert.ChangeType(20 + other, type);
    }
}
