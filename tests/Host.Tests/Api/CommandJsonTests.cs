using System.Text;
using System.Text.Json;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Tests;
using Amoe.Engine.Vocabulary;
using Amoe.Host.Api.Commands;

namespace Amoe.Host.Tests.Api;

/// <summary>A command in JSON is the command that was meant, wherever its parts are said.</summary>
public sealed class CommandJsonTests
{
    private static readonly DateOnly _today = new(2025, 9, 15);
    private static readonly StudentId _student = new(ulong.MaxValue);

    [Fact]
    public void Every_kind_of_command_and_question_is_written_and_read_back()
    {
        Assert.Equal(
            Enum.GetValues<CommandKind>().Where(kind => kind.IsCommand()).Order(),
            ApiCommands.All.Select(command => command.Kind));
        foreach (var type in ApiMaker.Types)
        {
            var sent = ApiMaker.Of(new Random(1), type);
            ApiMaker.AssertSame(sent, ApiMaker.Read(ApiMaker.Written(sent), ApiMaker.Empty));
        }
    }

    [Fact]
    public void Any_command_is_read_back_as_it_was_written_and_has_the_same_fingerprint() => Properties.Check(
        Properties.FromSeeds(ApiMaker.Any),
        one =>
        {
            ApiMaker.AssertSame(one.Made, ApiMaker.Read(ApiMaker.Written(one.Made), ApiMaker.Empty));
            return true;
        },
        count: 20_000);

    [Fact]
    public void The_order_of_fields_and_white_space_mean_nothing() => Properties.Check(
        Properties.FromSeeds(random => (Command: ApiMaker.Any(random), Order: random.Next())),
        one =>
        {
            ApiMaker.AssertSame(
                one.Made.Command,
                ApiMaker.Read(
                    Shuffled(ApiMaker.Written(one.Made.Command), new Random(one.Made.Order)), ApiMaker.Empty));
            return true;
        },
        count: 2_000);

    [Fact]
    public void A_name_or_date_that_is_escaped_without_need_is_the_same()
    {
        var read = Read(
            """{"\u0063ommand":"\u0064eclare","student":16,"reference":1,"category":"\u006Ffppt","cycle":"vocational","born":"2005\u002d05-05","paid_track":false,"institution":12,"bank_account":true,"year":2025}""");
        var declare = Assert.IsType<Declare>(read);
        Assert.Equal(
            (Category.Ofppt, new DateOnly(2005, 5, 5)), (declare.Enrolment.Category, declare.Enrolment.BirthDate));
    }

    [Fact]
    public void What_the_address_says_the_object_need_not()
    {
        var claim = ApiMaker.Read(
            """{"granted":true}"""u8,
            new CommandContext(CommandKind.ReviewClaim, _student, 28_412, _today, TakesKnown: false));
        ApiMaker.AssertSame(
            new ReviewClaim(_student, 28_412, _today, _today, Granted: true) { EffectiveWhenKnown = true }, claim);

        var question = ApiMaker.Read(
            "{}"u8, new CommandContext(CommandKind.AskClaim, _student, 28_412, _today, TakesKnown: false));
        ApiMaker.AssertSame(new AskClaim(_student, 28_412, _today), question);
    }

    [Fact]
    public void A_command_is_known_on_the_host_s_day_and_effective_then_unless_it_says_otherwise()
    {
        var context = new CommandContext(CommandKind.None, null, null, _today, TakesKnown: false);
        var without = ApiMaker.Read("""{"command":"resume_studies","student":16,"reference":1}"""u8, context);
        var with = ApiMaker.Read(
            """{"command":"resume_studies","student":16,"reference":1,"effective":"2025-09-01"}"""u8, context);

        Assert.Equal((_today, _today), (without.Effective, without.Known));
        Assert.Equal((new DateOnly(2025, 9, 1), _today), (with.Effective, with.Known));
    }

    [Fact]
    public void Where_the_clock_is_the_stream_s_a_command_says_on_which_day_it_becomes_known()
    {
        var read = ApiMaker.Read(
            """{"command":"resume_studies","student":16,"reference":1,"known":"2025-10-01"}"""u8,
            new CommandContext(CommandKind.None, null, null, _today, TakesKnown: true));
        Assert.Equal((new DateOnly(2025, 10, 1), new DateOnly(2025, 10, 1)), (read.Effective, read.Known));
    }

    [Fact]
    public void A_file_is_said_by_what_it_has_or_by_what_it_lacks_whichever_is_shorter()
    {
        var complete = Deposit(FileItems.All);
        var nothing = Deposit(FileItems.None);

        Assert.Contains("\"without\":[]", Text(complete), StringComparison.Ordinal);
        Assert.Contains("\"has\":[]", Text(nothing), StringComparison.Ordinal);
        Assert.Contains(
            "\"without\":[\"student_cin\",\"invoice\"]",
            Text(Deposit(FileItems.All & ~(FileItems.Invoice | FileItems.StudentCin))), StringComparison.Ordinal);
        Assert.Equal(FileItems.None, ((DepositClaim)Read(Text(nothing))).Items);
    }

    [Fact]
    public void Teeth_are_numbers_and_a_whole_jaw_has_its_name()
    {
        var teeth = Prosthesis.UpperJaw | Prosthesis.Tooth(31) | Prosthesis.Tooth(48);
        var deposit = Deposit(FileItems.All) with
        {
            Lines = [new ClaimLine(
                Act.LongBridge, CareSector.Private, _today, 1, 1, 0, Prosthesis: new Prosthesis(4, teeth))]
        };
        Assert.Contains("\"elements\":4,\"teeth\":[\"upper\",31,48]", Text(deposit), StringComparison.Ordinal);
        Assert.Equal(teeth, ((DepositClaim)Read(Text(deposit))).Lines[0].Prosthesis.Teeth);
    }

    [Fact]
    public void The_engine_and_not_the_reader_refuses_what_is_out_of_the_scheme_s_bounds()
    {
        var command = Read(
            """{"command":"pay_contribution","student":0,"reference":0,"amount_centimes":-5,"institution":-1,"year":1}""");
        Assert.Equal(-5, ((PayContribution)command).AmountCentimes);
        Assert.NotEqual(Reason.None, CommandBounds.Validate(command, Engine.Rules.Rulebook.Embedded));
    }

    /// <summary>Tens of thousands a second are read beside everything else.</summary>
    [Fact]
    public void Reading_a_claim_allocates_the_command_and_its_lines_and_nothing_else()
    {
        var deposit = Deposit(FileItems.All);
        var json = ApiMaker.Written(deposit);
        var kept = new Command?[100];

        long Allocated(Func<Command> make)
        {
            make();
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < kept.Length; i++)
                kept[i] = make();
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        var made = Allocated(() =>
            new DepositClaim(
                _student, 28_412, _today, _today, ClaimWay.Reimbursement, 1, 900, PatientIsStudent: true, FileItems.All,
                new ClaimLine[1]));
        Assert.Equal(
            made,
            Allocated(() =>
                CommandJson.TryRead(json, ApiMaker.Empty, out var command, out _)
                    ? command
                    : throw new InvalidOperationException()));
    }

    [Fact]
    public void What_has_no_word_in_the_API_is_not_written_as_something_else()
    {
        var deposit = Deposit(FileItems.All);
        Command[] unsayable =
        [
            deposit with { Lines = [deposit.Lines[0] with { Act = Act.None }] },
            deposit with { Lines = [deposit.Lines[0] with { Act = (Act)200 }] },
            deposit with { Items = FileItems.All | FileItems.LinePrice },
            deposit with { Lines = new ClaimLine[DepositClaim.MaxLines + 1] },
            new ForwardApplication(_student, 1, _today, _today, ApplicationDesk.None),
            new RecoverOverpayment(_student, 1, _today, _today, 1) { Attempt = 128 },
            new AskEntitlement(_student, _today, _today) { Reference = 5 },
            new AskEntitlement(_student, _today, _today) { Attempt = 5 },
            new AskEntitlement(_student, _today, _today) { Effective = _today.AddDays(1) },
        ];
        Assert.All(unsayable, command => Assert.Throws<ArgumentException>(() => ApiMaker.Written(command)));
    }

    private static DepositClaim Deposit(FileItems items) => new(
        _student, 28_412, _today, _today, ClaimWay.Reimbursement, 1, 900, PatientIsStudent: true, items,
        [new ClaimLine(Act.GeneralPractitioner, CareSector.Private, _today, 1, 8_000, 0)]);

    private static string Text(Command command) => Encoding.UTF8.GetString(ApiMaker.Written(command));

    private static Command Read(string json) => ApiMaker.Read(Encoding.UTF8.GetBytes(json), ApiMaker.Empty);

    private static byte[] Shuffled(byte[] json, Random random)
    {
        using var document = JsonDocument.Parse(json);
        var text = new StringBuilder();
        Shuffle(document.RootElement, random, text);
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static void Shuffle(JsonElement element, Random random, StringBuilder text)
    {
        string[] spaces = ["", " ", "\t", "\r\n", "\n  "];
        text.Append(spaces[random.Next(spaces.Length)]);
        if (element.ValueKind == JsonValueKind.Object)
        {
            JsonProperty[] fields = [.. element.EnumerateObject()];
            random.Shuffle(fields);
            text.Append('{');
            foreach (var (index, field) in fields.Index())
            {
                text.Append(index == 0 ? "" : ",").Append('"').Append(field.Name).Append("\":");
                Shuffle(field.Value, random, text);
            }

            text.Append('}');
        }
        else if (element.ValueKind == JsonValueKind.Array)
        {
            text.Append('[');
            foreach (var (index, item) in element.EnumerateArray().Index())
            {
                text.Append(index == 0 ? "" : ",");
                Shuffle(item, random, text);
            }

            text.Append(']');
        }
        else
        {
            text.Append(element.GetRawText());
        }

        text.Append(spaces[random.Next(spaces.Length)]);
    }
}
