using System.Text;
using System.Text.Json;
using Amoe.Engine.Cases;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Rules;
using Amoe.Engine.Tests;
using Amoe.Engine.Text;
using Amoe.Host.Api.Commands;

namespace Amoe.Host.Tests.Api;

/// <summary>The definition of the API's commands agrees with itself, with rule cases and with the document.</summary>
public sealed class ApiCommandsTests
{
    public static TheoryData<string> Names => [.. ApiCommands.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_example_of_every_command_is_read_and_in_the_scheme_s_bounds(string name)
    {
        var definition = ApiCommands.Find(Encoding.UTF8.GetBytes(name))!;
        var command = ApiMaker.Read(
            Encoding.UTF8.GetBytes(definition.Example),
            ApiMaker.Empty with { Known = new DateOnly(2025, 9, 15), TakesKnown = false });

        Assert.Equal((definition.Kind, name), (command.Kind, CommandJson.NameOf(command.Kind)));
        Assert.Equal(Reason.None, CommandBounds.Validate(command, Rulebook.Embedded));
        Assert.Equal(definition.IsQuestion, command is Query);
        Assert.Equal(definition.To == Addressee.Claim, command is ClaimCommand or AskClaim);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_command_without_any_one_of_its_required_fields_is_refused_for_that_field(string name)
    {
        var definition = ApiCommands.Find(Encoding.UTF8.GetBytes(name))!;
        using var example = JsonDocument.Parse(definition.Example);
        foreach (var field in definition.Table.Fields.Where(field => field.IsRequired))
        {
            var rest = example.RootElement.EnumerateObject()
                .Where(one => one.Name != field.Name)
                .Select(one => $"\"{one.Name}\":{one.Value.GetRawText()}");
            Assert.False(
                CommandJson.TryRead(
                    Encoding.UTF8.GetBytes($"{{{string.Join(',', rest)}}}"), ApiMaker.Empty, out _, out var fault));
            Assert.Equal(($"/{field.Name}", FaultCode.Missing), (fault.Path, fault.Code));
        }
    }

    /// <summary>
    /// An author of rule cases knows the words of the API: only money has its unit in its name, and ids are the
    /// sender's.
    /// </summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void The_words_are_those_of_rule_cases(string name)
    {
        var definition = ApiCommands.Find(Encoding.UTF8.GetBytes(name))!;
        if (definition.IsQuestion)
            return;
        var step = StepCatalog.Find(name);
        var own = definition.Fields.Concat(
            definition.Fields.Any(field => field.Type == FieldType.Lines) ? ApiCommands.LineFields : []);
        string[] words = [.. step.Keys, .. ClaimFileReader.LineKeys];
        Assert.Empty(own.Select(field => field.Name.Replace("_centimes", "", StringComparison.Ordinal)).Except(words));

        // What a case numbers is the reference of a command of the API, and its lines are always a list.
        Assert.Empty(
            step.Keys.Except(own.Select(field => field.Name.Replace("_centimes", "", StringComparison.Ordinal)))
                .Except(["claim", "approval"]));
    }

    [Fact]
    public void Every_name_of_a_value_is_the_engine_s()
    {
        var known = typeof(Command).Assembly.GetTypes()
            .Where(type => type.IsEnum && !type.ContainsGenericParameters)
            .SelectMany(type => SnakeCase.Of(type).Names)
            .ToHashSet(StringComparer.Ordinal);
        var fields =
            ApiCommands.All.SelectMany(command => command.Table.Fields).Concat(ApiCommands.LineFields).ToList();
        Assert.All(fields.SelectMany(field => field.Values), name => Assert.Contains(name, known));
        Assert.All(
            fields.Where(field => field.Type is FieldType.Name or FieldType.Names),
            field => Assert.NotEmpty(field.Values));
    }

    [Fact]
    public void The_document_has_every_command_with_its_fields_and_example() =>
        Approved.Document("docs/api-commands.md", CommandDocument.Text());
}
