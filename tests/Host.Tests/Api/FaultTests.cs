using System.Text;
using Amoe.Engine.Domain;
using Amoe.Host.Api.Commands;

namespace Amoe.Host.Tests.Api;

/// <summary>
/// What is no command is refused at its first fault, which names the field, what was there and what would do.
/// </summary>
public sealed class FaultTests
{
    private const string Start = """{"command":"deposit_claim","student":16,"claim":5,""";
    private const string File = """ "way":"reimbursement","desk":1,"patient_is_student":true,"without":[],"lines":""";
    private const string Line = """ "act":"biology","sector":"private","care":"2025-09-10","quantity":1""";

    private static readonly CommandContext _live = new(
        CommandKind.None, null, null, new DateOnly(2025, 9, 15), TakesKnown: false);

    [Theory]
    // JSON.
    [InlineData("", "not_json", "", "it ends at byte 1, before the object does: send exactly one JSON object")]
    [InlineData("{", "not_json", "", "it ends at byte 2, before the object does: send exactly one JSON object")]
    [InlineData(
        """{"command":"declare","year":20""", "not_json", "",
        "it ends at byte 31, before the object does: send exactly one JSON object")]
    [InlineData(
        "{}{}", "missing", "/command", "/command: it is missing; a name such as \"carry_over_registration\" is wanted")]
    [InlineData(
        """{"command":"resume_studies","student":16,"reference":1}{}""", "not_json", "",
        "it is not one JSON object from byte 56 on: {}")]
    [InlineData(
        """{"command":"resume_studies","student":16,"reference":1,}""", "not_json", "",
        "it is not one JSON object from byte 56 on: }")]
    [InlineData(
        """{"command":"resume_studies",/* now */"student":16}""", "not_json", "",
        "it is not one JSON object from byte 29 on: /* now */\"student\":16}")]
    [InlineData(
        """{"command":"resume_studies","student":016}""", "not_json", "",
        "it is not one JSON object from byte 40 on: 16}")]
    [InlineData("\n\n{\"command\":resume}", "not_json", "", "it is not one JSON object from byte 14 on: resume}")]
    [InlineData("""{"command":"a	b"}""", "not_json", "", "it is not one JSON object from byte 14 on: \\u0009b\"}")]
    [InlineData("\uFEFF{}", "not_json", "", "it begins with a byte order mark: leave it out")]
    [InlineData("[]", "wrong_type", "", "a JSON object is wanted, not a list")]
    [InlineData("17", "wrong_type", "", "a JSON object is wanted, not 17")]
    [InlineData("null", "wrong_type", "", "a JSON object is wanted, not null: leave out what is not said")]
    // The command.
    [InlineData(
        "{}", "missing", "/command", "/command: it is missing; a name such as \"carry_over_registration\" is wanted")]
    [InlineData(
        """{"command":"Declare"}""", "unknown_value", "/command",
        "/command: \"Declare\" is not known; did you mean \"declare\"?")]
    [InlineData(
        """{"command":"open_day","known":"2025-09-01"}""", "unknown_value", "/command",
        "/command: \"open_day\" is not known; did you mean \"reopen_claim\"?")]
    [InlineData(
        """{"command":7}""", "wrong_type", "/command",
        "/command: a name such as \"carry_over_registration\" is wanted, not 7")]
    [InlineData(
        """{"student":[[[[5]]]],"command":"declare"}""", "too_deep", "",
        "there are more than 4 objects and lists within each other, and no command has so many")]
    [InlineData(
        """{"student":[[[5]]],"command":"declare"}""", "wrong_type", "/student",
        "/student: a whole number from 0 to 18446744073709551615 is wanted, not a list")]
    // Fields.
    [InlineData(
        """{"command":"resume_studies","student":16,"reference":1,"colour":"red"}""", "unknown_field", "/colour",
        "/colour: resume_studies has no such field; did you mean command?")]
    [InlineData(
        """{"command":"resume_studies","student":16,"referenc":1}""", "unknown_field", "/referenc",
        "/referenc: resume_studies has no such field; did you mean reference?")]
    [InlineData(
        """{"command":"resume_studies","a/b~c":16}""", "unknown_field", "/a~1b~0c",
        "/a~1b~0c: resume_studies has no such field; did you mean known?")]
    [InlineData(
        """{"command":"resume_studies","student":16,"student":16}""", "duplicate_field", "/student",
        "/student: it comes twice: say it once")]
    [InlineData(
        """{"command":"resume_studies","command":"declare"}""", "duplicate_field", "/command",
        "/command: it comes twice: say it once")]
    [InlineData(
        """{"command":"resume_studies","student":16,"st\u0075dent":16}""", "duplicate_field", "/student",
        "/student: it comes twice: say it once")]
    [InlineData(
        """{"command":"resume_studies","student":16}""", "missing", "/reference",
        "/reference: it is missing; a whole number from 0 to 281474976710655 is wanted")]
    [InlineData(
        """{"command":"resume_studies","student":16,"reference":1,"known":"2025-09-15"}""", "unknown_field", "/known",
        "/known: it is said outside the object, or by the host's clock: leave it out")]
    [InlineData(
        """{"command":"resume_studies","student":16,"\ud800":1}""", "unknown_field", "/\\ud800",
        "/\\ud800: resume_studies has no such field; did you mean student?")]
    // Numbers.
    [InlineData(
        """{"command":"resume_studies","student":"16"}""", "wrong_type", "/student",
        "/student: a whole number from 0 to 18446744073709551615 is wanted, not \"16\"")]
    [InlineData(
        """{"command":"resume_studies","student":16.0}""", "wrong_type", "/student",
        "/student: a whole number from 0 to 18446744073709551615 is wanted, not 16.0")]
    [InlineData(
        """{"command":"resume_studies","student":1e3}""", "wrong_type", "/student",
        "/student: a whole number from 0 to 18446744073709551615 is wanted, not 1e3")]
    [InlineData(
        """{"command":"resume_studies","student":18446744073709551616}""", "out_of_range", "/student",
        "/student: a whole number from 0 to 18446744073709551615 is wanted, not 18446744073709551616")]
    [InlineData(
        """{"command":"resume_studies","student":-1}""", "out_of_range", "/student",
        "/student: a whole number from 0 to 18446744073709551615 is wanted, not -1")]
    [InlineData(
        """{"command":"resume_studies","student":null}""", "wrong_type", "/student",
        "/student: a whole number from 0 to 18446744073709551615 is wanted, not null: leave out what is not said")]
    [InlineData(
        """{"command":"resume_studies","student":16,"reference":281474976710656}""", "out_of_range", "/reference",
        "/reference: a whole number from 0 to 281474976710655 is wanted, not 281474976710656")]
    [InlineData(
        """{"command":"resume_studies","student":16,"reference":1,"attempt":256}""", "out_of_range", "/attempt",
        "/attempt: a whole number from 0 to 255 is wanted, not 256")]
    [InlineData(
        """{"command":"recover_overpayment","student":16,"claim":1,"attempt":128}""", "out_of_range", "/attempt",
        "/attempt: a whole number from 0 to 127 is wanted, not 128")]
    [InlineData(
        """{"command":"resend_registration","student":16,"reference":1,"year":2147483648}""", "out_of_range", "/year",
        "/year: a whole number from -2147483648 to 2147483647 is wanted, not 2147483648")]
    [InlineData(
        """{"command":"resend_registration","student":16,"reference":1,"year":11111111112222222222333333333344444444445}""",
        "out_of_range", "/year",
        "/year: a whole number from -2147483648 to 2147483647 is wanted, not 1111111111222222222233333333334444444444…")]
    // Dates, truths, names.
    [InlineData(
        """{"command":"ask_entitlement","student":16,"on":"2025-02-29"}""", "unknown_value", "/on",
        "/on: a day of the calendar such as \"2025-09-15\" is wanted, not \"2025-02-29\"")]
    [InlineData(
        """{"command":"ask_entitlement","student":16,"on":"15/09/2025"}""", "unknown_value", "/on",
        "/on: a day of the calendar such as \"2025-09-15\" is wanted, not \"15/09/2025\"")]
    [InlineData(
        """{"command":"ask_entitlement","student":16,"on":20250915}""", "wrong_type", "/on",
        "/on: a date such as \"2025-09-15\" is wanted, not 20250915")]
    [InlineData(
        """{"command":"review_claim","student":16,"claim":1,"granted":"yes"}""", "wrong_type", "/granted",
        "/granted: true or false is wanted, not \"yes\"")]
    [InlineData(
        """{"command":"review_claim","student":16,"claim":1,"granted":1}""", "wrong_type", "/granted",
        "/granted: true or false is wanted, not 1")]
    [InlineData(
        """{"command":"forward_application","student":16,"reference":1,"desk":"onous"}""", "unknown_value", "/desk",
        "/desk: \"onous\" is not known; did you mean \"onousc\"?; known: onousc, ofppt, anam_portal")]
    [InlineData(
        """{"command":"forward_application","student":16,"reference":1,"desk":1}""", "wrong_type", "/desk",
        "/desk: one of onousc, ofppt, anam_portal is wanted, not 1")]
    [InlineData(
        """{"command":"forward_application","student":16,"reference":1,"desk":""}""", "unknown_value", "/desk",
        "/desk: \"\" is not known; did you mean \"ofppt\"?; known: onousc, ofppt, anam_portal")]
    [InlineData(
        """{"command":"forward_application","student":16,"reference":1,"desk":"\udfff"}""", "unknown_value", "/desk",
        "/desk: \"\\udfff\" is not known; did you mean \"onousc\"?; known: onousc, ofppt, anam_portal")]
    [InlineData(
        """{"command":"forward_application","student":16,"reference":1,"desk":"الفرع‮"}""", "unknown_value", "/desk",
        "/desk: \"الفرع\\u202e\" is not known; did you mean \"onousc\"?; known: onousc, ofppt, anam_portal")]
    [InlineData(
        """{"command":"correct_fact","student":16,"reference":1,"fact":"ask_claim"}""", "unknown_value", "/fact",
        "/fact: \"ask_claim\" is not known; did you mean \"appeal_claim\"?")]
    [InlineData(
        """{"\ud800":1,"command":"declare"}""", "unknown_field", "/\\ud800",
        "/\\ud800: declare has no such field; did you mean student?")]
    [InlineData(
        """{"command":"\ud800"}""", "unknown_value", "/command",
        "/command: \"\\ud800\" is not known; did you mean \"declare\"?")]
    // A claim.
    [InlineData(
        Start + """ "without":[],"has":[]}""", "missing", "/way",
        "/way: it is missing; one of reimbursement, third_party is wanted")]
    [InlineData(
        Start + """ "way":"reimbursement","desk":1,"patient_is_student":true,"lines":[],"without":[],"has":[]}""",
        "contradiction", "/without", "/without: has is there too: one of the two is wanted")]
    [InlineData(
        Start + """ "way":"reimbursement","desk":1,"patient_is_student":true,"lines":[]}""", "missing", "/has",
        "/has: it is missing, and so is without: one of the two is wanted, as a list of names such as \"student_name\"")]
    [InlineData(
        Start + """ "without":"invoice"}""", "wrong_type", "/without",
        "/without: a list of names such as \"student_name\" is wanted, not \"invoice\"")]
    [InlineData(
        Start + """ "without":["invoice",3]}""", "wrong_type", "/without/1",
        "/without/1: a member of a list of names such as \"student_name\" is wanted, not 3")]
    [InlineData(
        Start + """ "without":["invoice","invoices"]}""", "unknown_value", "/without/1",
        "/without/1: \"invoices\" is not known; did you mean \"invoice\"?")]
    [InlineData(
        Start + """ "without":["line_price"]}""", "unknown_value", "/without/0",
        "/without/0: \"line_price\" is not known; did you mean \"box_prices\"?")]
    [InlineData(
        Start + """ "without":["invoice","invoice"]}""", "duplicate_value", "/without/1",
        "/without/1: \"invoice\" is in the list before, or part of what is: say it once")]
    [InlineData(
        Start + File + "{}}", "wrong_type", "/lines", "/lines: a list of at most 32 lines is wanted, not an object")]
    [InlineData(
        Start + File + "[5]}", "wrong_type", "/lines/0", "/lines/0: a line, which is an object, is wanted, not 5")]
    [InlineData(
        Start + File + "[{" + Line + ""","paid_centimes":1},{"act":"xray"}]}""", "unknown_value", "/lines/1/act",
        "/lines/1/act: \"xray\" is not known; did you mean \"biology\"?")]
    [InlineData(
        Start + File + "[{" + Line + "}]}", "missing", "/lines/0/paid_centimes",
        "/lines/0/paid_centimes: it is missing; a whole number from 0 to 4294967295 is wanted")]
    [InlineData(
        Start + File + "[{" + Line + ""","paid":80}]}""", "unknown_field", "/lines/0/paid",
        "/lines/0/paid: a line has no such field; did you mean act?")]
    [InlineData(
        Start + File + """[{"quantity":65536}]}""", "out_of_range", "/lines/0/quantity",
        "/lines/0/quantity: a whole number from 0 to 65535 is wanted, not 65536")]
    [InlineData(
        Start + File + """[{"paid_centimes":4294967296}]}""", "out_of_range", "/lines/0/paid_centimes",
        "/lines/0/paid_centimes: a whole number from 0 to 4294967295 is wanted, not 4294967296")]
    [InlineData(
        Start + File + """[{"paid_centimes":80.00}]}""", "wrong_type", "/lines/0/paid_centimes",
        "/lines/0/paid_centimes: a whole number from 0 to 4294967295 is wanted, not 80.00")]
    [InlineData(
        Start + File + """[{"teeth":[14,19]}]}""", "unknown_value", "/lines/0/teeth/1",
        "/lines/0/teeth/1: \"upper\", \"lower\" or the number of a permanent tooth such as 14 is wanted, not 19")]
    [InlineData(
        Start + File + """[{"teeth":["\ud800"]}]}""", "unknown_value", "/lines/0/teeth/0",
        "/lines/0/teeth/0: \"upper\", \"lower\" or the number of a permanent tooth such as 14 is wanted, not \"\\ud800\"")]
    [InlineData(
        Start + File + "[{" + Line + ""","paid_centimes":1},5]}""", "wrong_type", "/lines/1",
        "/lines/1: a line, which is an object, is wanted, not 5")]
    [InlineData(
        Start + File + """[{"teeth":["upper",14]}]}""", "duplicate_value", "/lines/0/teeth/1",
        "/lines/0/teeth/1: 14 is in the list before, or part of what is: say it once")]
    [InlineData(
        Start + File + """[{"teeth":"upper"}]}""", "wrong_type", "/lines/0/teeth",
        "/lines/0/teeth: a list of numbers of teeth such as 14, \"upper\" or \"lower\" is wanted, not \"upper\"")]
    [InlineData(
        Start + File + """[{"teeth":[{}]}]}""", "too_deep", "/lines/0/teeth/0",
        "/lines/0/teeth/0: there are more than 4 objects and lists within each other, and no command has so many")]
    public void A_fault_says_where_what_was_there_and_what_would_do(string json, string code, string path, string text)
    {
        Assert.Equal(new JsonFault(path, code, text), Fault(Encoding.UTF8.GetBytes(json), _live));
        Assert.Contains(code, FaultCode.All.Select(one => one.Code));
    }

    [Fact]
    public void Thirty_two_lines_are_read_and_thirty_three_are_not()
    {
        string Lines(int count) =>
            $$"""{{Start}}{{File}}[{{string.Join(',', Enumerable.Repeat($$"""{{{Line}},"paid_centimes":1}""", count))}}]}""";

        Assert.True(CommandJson.TryRead(Encoding.UTF8.GetBytes(Lines(32)), _live, out _, out _));
        Assert.Equal(
            new JsonFault("/lines", "too_many", "/lines: a sheet has at most 32 lines: divide the claim"),
            Fault(Encoding.UTF8.GetBytes(Lines(33)), _live));
    }

    [Fact]
    public void A_string_longer_than_any_name_is_not_looked_up()
    {
        static string Desk(int length) =>
            $$"""{"command":"forward_application","student":16,"reference":1,"desk":"{{new string('o', length)}}"}""";

        Assert.Equal("unknown_value", Fault(Encoding.UTF8.GetBytes(Desk(256)), _live).Code);
        Assert.Equal(
            new JsonFault("/desk", "too_long", "/desk: the string has 257 bytes, and no name has more than 256"),
            Fault(Encoding.UTF8.GetBytes(Desk(257)), _live));
    }

    [Theory]
    [InlineData(0xC3, 0x28)]
    [InlineData(0xED, 0xA0)]
    [InlineData(0xFF, 0x20)]
    public void Bytes_that_are_not_UTF_8_are_refused_wherever_they_are(int first, int second)
    {
        var json = Encoding.UTF8.GetBytes(
            """{"command":"resume_studies","student":16,"reference":1,"effective":"??"}""");
        var at = Array.IndexOf(json, (byte)'?');
        (json[at], json[at + 1]) = ((byte)first, (byte)second);
        Assert.Equal(new JsonFault("", "not_json", "the bytes are not UTF-8: send JSON in UTF-8"), Fault(json, _live));
    }

    [Theory]
    [InlineData("""{"command":"review_claim","granted":true}""", "/command")]
    [InlineData("""{"student":16,"granted":true}""", "/student")]
    [InlineData("""{"claim":5,"granted":true}""", "/claim")]
    public void What_the_address_says_the_object_may_not_say_again(string json, string path)
    {
        var context = new CommandContext(
            CommandKind.ReviewClaim, new StudentId(16), 5, new DateOnly(2025, 9, 15), TakesKnown: true);
        Assert.Equal(
            new JsonFault(
                path, "unknown_field", $"{path}: it is said outside the object, or by the host's clock: leave it out"),
            Fault(Encoding.UTF8.GetBytes(json), context));
    }

    [Fact]
    public void A_claim_of_the_address_is_one_that_a_sheet_can_have_and_the_command_is_one_to_a_claim()
    {
        var claim = new CommandContext(
            CommandKind.ReceiveClaim, new StudentId(16), CommandId.ReferenceLimit, new DateOnly(2025, 9, 15),
            TakesKnown: false);
        Assert.Equal(
            new JsonFault(
                "/claim", "out_of_range",
                "/claim: a whole number from 0 to 281474976710655 is wanted, not 281474976710656"),
            Fault("{}"u8, claim));

        var any = claim with { Kind = CommandKind.None, Claim = 5 };
        Assert.Equal(
            new JsonFault(
                "/command", "unknown_value",
                "/command: resume_studies is a command to a student, and a claim is addressed"),
            Fault("""{"command":"resume_studies","reference":1}"""u8, any));
    }

    private static JsonFault Fault(ReadOnlySpan<byte> json, in CommandContext context)
    {
        Assert.False(CommandJson.TryRead(json, context, out var command, out var fault));
        Assert.Null(command);
        return fault;
    }
}
