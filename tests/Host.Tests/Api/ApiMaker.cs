using System.Text.Json;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Tests.Journal;
using Amoe.Engine.Vocabulary;
using Amoe.Host.Api.Commands;

namespace Amoe.Host.Tests.Api;

/// <summary>
/// Makes any command and question that the API can say: every number, date and list its types hold, and every name.
/// What JSON has no word for, such as an act that is none, is replaced.
/// </summary>
internal static class ApiMaker
{
    /// <summary>The context of an object that says everything itself.</summary>
    public static readonly CommandContext Empty = new(CommandKind.None, null, null, default, TakesKnown: true);

    public static readonly Type[] Types =
        [.. typeof(Command).Assembly.GetTypes()
            .Where(type => type.IsSubclassOf(typeof(Command)) && !type.IsAbstract)
            .OrderBy(type => type.Name, StringComparer.Ordinal)];

    public static Command Any(Random random) => Of(random, Types[random.Next(Types.Length)]);

    public static Command Of(Random random, Type type)
    {
        var made = new Maker(random, (ulong)random.NextInt64() % CommandId.ReferenceLimit).Command(type);
        return made switch
        {
            Query => made with { Attempt = 0 },
            CarryOverRegistration c => c with { Enrolment = Said(c.Enrolment) },
            Declare c => c with { Enrolment = Said(c.Enrolment) },
            ForwardApplication { Desk: ApplicationDesk.None } c => c with { Desk = ApplicationDesk.AnamPortal },
            ReportOtherCoverage { Coverage: CoverageKind.None } c => c with { Coverage = CoverageKind.Ramed },
            RequestApproval { Act: Act.None } c => c with { Act = Act.Dialysis },
            CorrectFact c when !c.Fact.IsCommand() || c.Fact >= CommandKind.AskEntitlement =>
                c with { Fact = CommandKind.ResumeStudies },
            DepositClaim c => c with { Lines = Array.ConvertAll(c.Lines, Said) },
            CompleteClaim c => c with { Lines = Array.ConvertAll(c.Lines, Said) },
            RecoverOverpayment c => c with { Attempt = (byte)(c.Attempt & 0x7F) },
            _ => made,
        };
    }

    public static byte[] Written(Command command) => Written(json => CommandJson.Write(json, command));

    public static byte[] Written(Action<Utf8JsonWriter> write)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
            write(json);
        return bytes.ToArray();
    }

    public static Command Read(ReadOnlySpan<byte> json, in CommandContext context)
    {
        Assert.True(CommandJson.TryRead(json, context, out var command, out var fault), fault.Text);
        return command;
    }

    /// <summary>Fails unless the two are the same command with the same content, dates and student.</summary>
    public static void AssertSame(Command sent, Command came)
    {
        Assert.Equal(sent.GetType(), came.GetType());
        Assert.Equal(Fields(sent), Fields(came));
        Assert.Equal((sent.Id, sent.Fingerprint()), (came.Id, came.Fingerprint()));
    }

    // Two lists of the same lines are not equal to a record.
    private static string Fields(Command command) => JsonSerializer.Serialize(command, command.GetType());

    private static EnrolmentRecord Said(EnrolmentRecord enrolment) => enrolment with
    {
        Category = enrolment.Category == Category.None ? Category.Ofppt : enrolment.Category,
        Cycle = enrolment.Cycle == Cycle.None ? Cycle.Vocational : enrolment.Cycle,
    };

    private static ClaimLine Said(ClaimLine line) => line.Act == Act.None ? line with { Act = Act.Biology } : line;
}
