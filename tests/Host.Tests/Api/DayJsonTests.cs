using System.Text;
using Amoe.Engine.Domain;
using Amoe.Engine.Tests;
using Amoe.Host.Api.Commands;

namespace Amoe.Host.Tests.Api;

/// <summary>The lines that open and close a day are known from every other line.</summary>
public sealed class DayJsonTests
{
    [Theory]
    [InlineData(CommandKind.OpenDay)]
    [InlineData(CommandKind.CloseDay)]
    public void A_mark_is_read_back_as_it_was_written(CommandKind mark)
    {
        var json = ApiMaker.Written(writer => DayJson.Write(writer, mark, new DateOnly(2025, 9, 1)));
        Assert.True(DayJson.TryRead(json, out var read, out var day));
        Assert.Equal((mark, new DateOnly(2025, 9, 1)), (read, day));
    }

    [Theory]
    [InlineData("""{"known":"2025-09-01","command":"open_day"}""", true)]
    [InlineData(""" { "command" : "open_day" , "known" : "2025-09-01" } """, true)]
    [InlineData("", false)]
    [InlineData("{}", false)]
    [InlineData("[]", false)]
    [InlineData("\"open_day\"", false)]
    [InlineData("""{"command":"open_day"}""", false)]
    [InlineData("""{"command":"open_day","known":"2025-02-29"}""", false)]
    [InlineData("""{"command":"open_day","known":"2025-09-01","known":"2025-09-01"}""", false)]
    [InlineData("""{"command":"open_day","command":"close_day","known":"2025-09-01"}""", false)]
    [InlineData("""{"command":"open_day","known":"2025-09-01","student":16}""", false)]
    [InlineData("""{"command":"open_day","known":"2025-09-01"}{}""", false)]
    [InlineData("""{"command":"declare","known":"2025-09-01"}""", false)]
    [InlineData("""{"command":"open_day","known":20250901}""", false)]
    [InlineData("""{"command":"\ud800","known":"2025-09-01"}""", false)]
    public void Only_a_mark_with_its_day_and_nothing_else_is_one(string json, bool isMark) =>
        Assert.Equal(isMark, DayJson.TryRead(Encoding.UTF8.GetBytes(json), out _, out _));

    [Fact]
    public void No_bytes_make_it_throw_and_no_command_is_a_mark() => Properties.Check(
        Properties.FromSeeds(random =>
        {
            var json = ApiMaker.Written(writer => DayJson.Write(writer, CommandKind.OpenDay, new DateOnly(2025, 9, 1)));
            json[random.Next(json.Length)] = (byte)random.Next(256);
            return (Changed: json, Command: ApiMaker.Written(ApiMaker.Any(random)));
        }),
        one =>
        {
            var isMark = DayJson.TryRead(one.Made.Changed, out var mark, out _);
            return (!isMark || mark is CommandKind.OpenDay or CommandKind.CloseDay)
                && !DayJson.TryRead(one.Made.Command, out _, out _);
        },
        count: 20_000);
}
