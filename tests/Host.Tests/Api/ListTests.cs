using System.Net;
using System.Text;
using System.Text.Json;
using Amoe.Engine.Tests;
using Amoe.Host.Identity;
using Amoe.Host.Live;

namespace Amoe.Host.Tests.Api;

/// <summary>Lists in CSV to a live host.</summary>
public sealed class ListTests : IDisposable
{
    private const string Same =
        "?institution=3&year={0}&category=public_university&cycle=higher_education&paid_track=false&bank_account=true";
    private const string ByNumber = "رقم الطالب;N° dossier;Date de naissance\n";
    private const string ByPerson = "N° dossier;CIN;Code Massar;Nom;Prénom;النسب;الإسم الشخصي;Né(e) le\r\n";
    private const string Persons =
        "1;ab123456;;El Idrissi;Salma;\"الإدريسي\";سلمى;٠٢/٠٤/٢٠٠٥\r\n\r\n2;;J140099999;Alami;Karim;;;2004-09-30\r\n";

    private readonly TestFolder _folder = new();

    private string Journal => _folder.File("live.amoe");

    private string Vault => _folder.File("vault");

    private static string Constants =>
        Same.Replace("{0}", $"{TimeProvider.System.GetUtcNow().Year}", StringComparison.Ordinal);

    /// <summary>A command that is the same has its first answer, and one that differs at all is a conflict.</summary>
    [Fact]
    public async Task Any_list_has_the_answers_of_the_same_commands_in_json()
    {
        await using var api = await LiveApi.StartAsync(Journal);
        var random = new Random(2026);
        for (var list = 0; list < 12; list++)
        {
            var (separator, charset) = (";,\t"[list % 3], list % 2 == 0 ? "utf-8" : "windows-1256");
            string[][] rows = [.. Enumerable.Range(0, 40)
                .Select(n => ListMaker.Row(random, (ulong)(list * 30 + n + 1)))];
            var csv = new StringBuilder(ListMaker.Header(random, separator)).Append('\n');
            foreach (var row in rows)
                csv.Append(ListMaker.Csv(random, row, separator, hasArabicDigits: charset == "utf-8"))
                    .Append(list % 4 < 2 ? "\r\n" : "\n");
            var content = ListMaker.Content(csv.ToString(), charset, isPacked: list % 5 == 0, hasMark: list % 3 == 0);
            var (ofCsv, _) = await api.StreamAsync("enrolment", content);
            var (ofJson, _) = await api.StreamAsync("enrolment", string.Join('\n', rows.Select(ListMaker.Json)));
            Assert.Equal(Enumerable.Range(2, rows.Length),
                ofCsv.Select(answer => answer.GetProperty("line").GetInt32()));
            Assert.Equal(ofJson.Select(WithoutLine), ofCsv.Select(WithoutLine));
        }
    }

    [Fact]
    public async Task A_broken_row_spoils_only_itself_and_its_answer_says_where_it_begins()
    {
        await using var api = await LiveApi.StartAsync(Journal);
        var list = ListMaker.Content(ByNumber + """
            1;1;2005-04-02
            2;1;04/31/2005
            3;1;2.4.2005
   
            ٤;١;٠٢/٠٤/٢٠٠٥
            5;1
            6;1;2005-04-02;;x
            7;"1
            ";2005-04-02
            8;one;2005-04-02
            ;;
            9;1;2005"-04-02
            10;1;2005-04-02;;
            1;1;2005-04-03
            """);
        var (answers, _) = await api.StreamAsync($"enrolment{Constants}", list);
        Assert.Equal(
            ["2 done", "3 malformed unknown_value", "4 malformed unknown_value", "6 done", "7 malformed columns",
                "8 malformed columns", "9 done", "11 malformed wrong_type", "13 malformed quotes", "14 done",
                "15 conflict"],
            answers.Select(Short));
        Assert.Equal("/born: a day such as 2026-09-30 or 30/09/2026, day before month, is wanted, not 04/31/2005",
            answers[1].GetProperty("text").GetString());
    }

    [Fact]
    public async Task A_row_of_other_bytes_spoils_only_itself()
    {
        await using var api = await LiveApi.StartAsync(Journal);
        var content = new ByteArrayContent(
            [.. Encoding.UTF8.GetBytes(ByNumber + "1;1;2005-04-02\n2;1;"), 0xC7, .. "\n3;1;2005-04-02\n"u8]);
        content.Headers.TryAddWithoutValidation("Content-Type", "text/csv");
        var (answers, _) = await api.StreamAsync($"enrolment{Constants}", content);
        Assert.Equal(["2 done", "3 malformed encoding", "4 done"], answers.Select(Short));
    }

    [Fact]
    public async Task A_list_whose_columns_are_wrong_is_refused_as_a_whole()
    {
        await using var api = await LiveApi.StartAsync(Journal);
        foreach (var (header, code, column) in ((string, string, string)[])
        [
            ("student;reference;shoe size", "unknown_column", "shoe size"),
            ("student;born", "missing_column", "reference"),
            ("reference;born", "missing_column", "student"),
            ("student;reference;born;Date de naissance", "duplicate_column", "Date de naissance"),
            ("student;reference;born;institution", "duplicate_column", "institution"),
            ("student;reference;born;CIN", "contradiction", "cin"),
            ("CIN;reference;born;Nom;Prénom", "no_vault", "cin"),
        ])
        {
            var problem = await RefusedAsync(
                api, "enrolment", ListMaker.Content($"{header}\n1;1;2005-04-02\n"), HttpStatusCode.BadRequest);
            Assert.Equal(("/problems/list", code, column, 1), (Text(problem, "type"), Text(problem, "code"),
                Text(problem, "column"), problem.GetProperty("line").GetInt32()));
            Assert.NotEqual(0, problem.GetProperty("accepted").GetArrayLength());
        }

        foreach (var list in (string[])["", "\"student;reference;born\n1;1;2005-04-02\n"])
        {
            var problem = await RefusedAsync(api, "enrolment", ListMaker.Content(list), HttpStatusCode.BadRequest);
            Assert.Equal("/problems/list", Text(problem, "type"));
        }
    }

    [Fact]
    public async Task A_list_of_other_characters_kind_or_command_is_refused_as_a_whole()
    {
        await using var api = await LiveApi.StartAsync(Journal);
        var arabic = new ByteArrayContent(ListMaker.Arabic.GetBytes(ByNumber));
        arabic.Headers.TryAddWithoutValidation("Content-Type", "text/csv");
        Assert.Contains("charset=windows-1256",
            (await RefusedAsync(api, "enrolment", arabic, HttpStatusCode.BadRequest)).GetProperty("detail").GetString(),
            StringComparison.Ordinal);
        var unknown = new StringContent(ByNumber,
            new System.Net.Http.Headers.MediaTypeHeaderValue("text/csv") { CharSet = "iso-8859-6" });
        await RefusedAsync(api, "enrolment", unknown, HttpStatusCode.UnsupportedMediaType);
        await RefusedAsync(api, "claims", ListMaker.Content(ByNumber), HttpStatusCode.UnsupportedMediaType);
        await RefusedAsync(api, "enrolment", ListMaker.Content(ByNumber), HttpStatusCode.BadRequest,
            "?command=receive_contribution");
        await RefusedAsync(api, "enrolment", ListMaker.Content(ByNumber), HttpStatusCode.BadRequest, "?reference=1");
        await RefusedAsync(api, "enrolment", ListMaker.Content(ByNumber), HttpStatusCode.BadRequest, "?year=");
    }

    [Fact]
    public async Task A_packed_list_that_breaks_off_before_its_header_is_refused_as_a_whole()
    {
        await using var api = await LiveApi.StartAsync(Journal);
        var content = new ByteArrayContent(
            (await ListMaker.Content(ByNumber, isPacked: true).ReadAsByteArrayAsync())[..20]);
        content.Headers.TryAddWithoutValidation("Content-Type", "text/csv");
        content.Headers.ContentEncoding.Add("gzip");
        Assert.Equal("/problems/list",
            (await RefusedAsync(api, "enrolment", content, HttpStatusCode.BadRequest)).GetProperty("type").GetString());
    }

    [Theory]
    [InlineData("utf-8")]
    [InlineData("windows-1256")]
    public async Task A_list_of_persons_registers_and_declares_them_once(string charset)
    {
        await using var api = await StartWithVaultAsync();

        // The older character set has no Arabic digits.
        var list = ByPerson + (charset == "utf-8" ? Persons
            : Persons.Replace("٠٢/٠٤/٢٠٠٥", "02/04/2005", StringComparison.Ordinal));
        var (answers, _) = await api.StreamAsync($"enrolment{Constants}", ListMaker.Content(list, charset));
        Assert.Equal(["2 done", "4 done"], answers.Select(Short));
        using var read = new HttpRequestMessage(HttpMethod.Get,
            $"/v1/students/{answers[0].GetProperty("student")}/person");
        read.Headers.Add("Amoe-Purpose", "a test");
        var salma = JsonDocument.Parse(
            await (await api.Client.SendAsync(read)).Content.ReadAsStringAsync()).RootElement;
        Assert.Equal(("AB123456", "سلمى", "الإدريسي", "2005-04-02"),
            (salma.GetProperty("cin").GetString(), salma.GetProperty("first_name_ar").GetString(),
            salma.GetProperty("last_name_ar").GetString(), salma.GetProperty("birth_date").GetString()));

        var before = (await api.GetAsync("/v1/state")).GetProperty("digest").GetString();
        var (again, _) = await api.StreamAsync($"enrolment{Constants}", ListMaker.Content(list, charset));
        Assert.Equal(answers.Select(answer => answer.GetRawText()), again.Select(answer => answer.GetRawText()));
        Assert.Equal(before, (await api.GetAsync("/v1/state")).GetProperty("digest").GetString());

        var (forwarded, _) = await api.StreamAsync("enrolment?command=forward_application&desk=onousc",
            ListMaker.Content("CNE;Référence\nj140099999;1\nJ140099998;1\nnone;1\n"));
        Assert.Equal(["2 done", "3 malformed unknown_person", "4 malformed person"], forwarded.Select(Short));
        Assert.Equal(answers[1].GetProperty("student").GetUInt64(), forwarded[0].GetProperty("student").GetUInt64());
    }

    [Fact]
    public async Task A_row_that_is_refused_registers_no_one_and_no_answer_repeats_a_person()
    {
        await using var api = await StartWithVaultAsync();
        var (answers,
            _) = await api.StreamAsync(
            $"enrolment{Constants.Replace("year", "coverage=cnss&year", StringComparison.Ordinal)}", ListMaker.Content(
            ByPerson + "1;AB123456;;El Idrissi;Salma;;;31/31/2005\n1;?!;;El "
                + "Idrissi;Salma;;;2005-04-02\n1;AB123457;;El "
                + "Idrissi;Salma;;;2005-04-02\n2;AB123457;;Alami;Karim;;;2005-04-02\n"));
        Assert.Equal(["2 malformed unknown_value", "3 malformed person", "4 done", "5 malformed person_conflict"],
            answers.Select(Short));
        Assert.DoesNotContain(answers, answer => answer.GetRawText().Contains("Salma", StringComparison.Ordinal)
            || answer.GetRawText().Contains("?!", StringComparison.Ordinal));
        var (status, _) = await api.PostAsync("/v1/persons/find", """{"cin":"AB123456"}""", ("Amoe-Purpose", "a test"));
        Assert.Equal(HttpStatusCode.NotFound, status);
    }

    [Fact]
    public async Task An_institution_sends_lists_of_its_own_students_alone()
    {
        var keys = _folder.File("keys.json");
        var made = await AmoeCommand.RunAsync("keys", "create", "--role", "institution", "--party", "3", "--keys", keys,
            "-o", "json");
        await using var api = await LiveApi.StartAsync(Journal, keys: keys);
        api.Client.DefaultRequestHeaders.Authorization = new("Bearer", made.Json.GetProperty("key").GetString());
        var (answers,
            _) = await api.StreamAsync($"enrolment{Constants.Replace("institution=3&", "", StringComparison.Ordinal)}",
            ListMaker.Content("student,reference,born,établissement\n1,1,2005-04-02,3\n2,1,2005-04-02,4\n"));
        Assert.Equal(["2 done", "3 forbidden other_party"], answers.Select(Short));
        var (forwarded, _) = await api.StreamAsync("enrolment?command=forward_application&desk=onousc",
            ListMaker.Content("student;reference\n1;1\n7;1\n"));
        Assert.Equal(["2 done", "3 forbidden not_yours"], forwarded.Select(Short));
    }

    [Fact]
    public async Task A_quote_that_is_never_closed_ends_the_stream_behind_the_rows_before_it()
    {
        await using var api = await LiveApi.StartAsync(Journal);
        var (answers, _) = await api.StreamAsync($"enrolment{Constants}",
            ListMaker.Content(ByNumber + "1;1;2005-04-02\n2;\"1;2005-04-02\n" + new string('x', 200_000)));
        Assert.Equal("2 done", Short(answers[0]));
        Assert.Equal(("malformed", "broken", 2),
            (answers[^1].GetProperty("outcome").GetString(), answers[^1].GetProperty("code").GetString(),
            answers.Count));
    }

    [Fact]
    public async Task A_long_list_holds_no_more_memory_than_a_short_one()
    {
        await using var api = await LiveApi.StartAsync(Journal);
        var sizes = new List<long>();
        using var content = new Rows(100_000, () => sizes.Add(GC.GetTotalMemory(forceFullCollection: true)));
        content.Headers.TryAddWithoutValidation("Content-Type", "text/csv");
        using var request = new HttpRequestMessage(HttpMethod.Post,
            $"/v1/streams/enrolment{Constants}")
        { Content = content };
        using var response = await api.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync());
        var count = 0;
        for (; await lines.ReadLineAsync() is { } line; count++)
            Assert.Contains("\"done\"", line, StringComparison.Ordinal);
        Assert.Equal(100_000, count);

        // The list has 20 MB, and other tests hold some at the same time.
        Assert.InRange(sizes[^1] - sizes[0], long.MinValue, 12 << 20);
    }

    [Fact]
    public void The_document_has_every_column_with_its_names() =>
        Approved.Document("docs/api-lists.md", ListDocument.Text());

    public void Dispose() => _folder.Dispose();

    private async Task<LiveApi> StartWithVaultAsync()
    {
        using (var master = MasterKey.Create(_folder.File("master.key")))
            IdentityVault.Create(Vault, master, "test", TimeProvider.System);
        return await LiveApi.StartAsync(Journal, vault: new VaultPlace(Vault, _folder.File("master.key")));
    }

    private static async Task<JsonElement> RefusedAsync(LiveApi api, string kind, HttpContent content,
        HttpStatusCode status, string? query = null)
    {
        using var response = await api.Client.PostAsync(
            new Uri($"/v1/streams/{kind}{query ?? Constants}", UriKind.Relative), content);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(status == response.StatusCode, text);
        return JsonDocument.Parse(text).RootElement;
    }

    private static string? Text(JsonElement json, string name) => json.GetProperty(name).GetString();

    private static string WithoutLine(JsonElement answer) =>
        string.Join(',',
            answer.EnumerateObject().Where(field => field.Name is not ("line" or "text"))
            .Select(field => field.ToString()));

    private static string Short(JsonElement answer) =>
        string.Join(' ',
            new[] { "line", "outcome", "code", "reason" }.Where(name => answer.TryGetProperty(name, out _))
            .Select(name => answer.GetProperty(name).ToString()));

    /// <summary>A list that is made while it is sent: the same hundred students again and again.</summary>
    private sealed class Rows(int count, Action look) : HttpContent
    {
        private static readonly string _space = new(' ', 180);

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync(Encoding.UTF8.GetBytes(ByNumber));
            for (var row = 0; row < count; row++)
            {
                await stream.WriteAsync(Encoding.UTF8.GetBytes($"{row % 100 + 1};1{_space};2005-04-02\n"));
                if (row == count / 5 || row == count - 1)
                    look();
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
