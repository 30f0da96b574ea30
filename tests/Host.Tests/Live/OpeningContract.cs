using System.Net;
using System.Text;
using System.Text.Json;
using Amoe.Engine.Journal;
using Amoe.Host.Tests.Api;

namespace Amoe.Host.Tests.Live;

/// <summary>
/// Opening balances: taken once, in the order of their days, reconciled, and closed for good. The same in a file and in
/// a database.
/// </summary>
public abstract class OpeningContract : IDisposable
{
    // A student of a public university, entitled since 2024; one who owes the contribution, pays and is repaid care.
    private const string Lines = """
        {"command":"carry_over_registration","student":1,"reference":1,"known":"2025-09-10","category":"public_university","cycle":"higher_education","born":"2004-04-02","paid_track":false,"institution":3,"bank_account":true,"year":2024,"right_from":"2024-09-20"}
        {"command":"declare","student":2,"reference":1,"known":"2025-09-15","category":"private_higher_education","cycle":"higher_education","born":"2005-04-02","paid_track":false,"institution":7,"bank_account":true,"year":2025}
        {"command":"forward_application","student":2,"reference":1,"known":"2025-09-16","desk":"onousc"}
        {"command":"transmit_application","student":2,"reference":1,"known":"2025-09-17"}
        {"command":"answer_from_anam","student":2,"reference":1,"known":"2025-09-20"}
        {"command":"pay_contribution","student":2,"reference":1,"known":"2025-09-21","amount_centimes":40000,"institution":7,"year":2025}
        {"command":"receive_contribution","student":2,"reference":1,"known":"2025-09-28","amount_centimes":40000,"year":2025}
        {"command":"deposit_claim","student":2,"claim":511,"known":"2025-10-20","way":"reimbursement","desk":1,"patient_is_student":true,"without":[],"lines":[{"act":"general_practitioner","sector":"private","care":"2025-10-10","quantity":1,"paid_centimes":8000}]}
        {"command":"deposit_claim","student":2,"claim":502,"known":"2025-10-20","way":"reimbursement","desk":1,"patient_is_student":true,"without":[],"lines":[{"act":"general_practitioner","sector":"private","care":"2025-10-12","quantity":1,"paid_centimes":8000}]}
        {"command":"receive_claim","student":2,"claim":511,"known":"2025-10-25"}
        {"command":"receive_claim","student":2,"claim":502,"known":"2025-10-25"}
        {"command":"order_payment","student":2,"claim":511,"known":"2025-11-03"}
        {"command":"confirm_payment","student":2,"claim":511,"known":"2025-11-05"}
        {"command":"receive_claim","student":2,"claim":503,"known":"2025-11-05"}
        """;

    private const string Totals = """
        {"students":2,"students_entitled":2,"applications_accepted":2,"contributions_2025":1,"contributions_2025_centimes":40000,
        "claims_payable":1,"claims_payable_centimes":6400,"paid_2025":1,"paid_2025_centimes":6400}
        """;

    private readonly TestFolder _folder = new();
    private readonly Lazy<string> _journal;

    private protected OpeningContract() => _journal = new Lazy<string>(() => NewJournal("live"));

    private protected TestFolder Folder => _folder;

    /// <summary>The address of the journal that a test begins.</summary>
    private protected string Journal => _journal.Value;

    /// <summary>The options of a host that opens business days, apart from its journal.</summary>
    private protected abstract string[] Serves { get; }

    /// <summary>The options of a host that takes opening balances, apart from its journal.</summary>
    private protected abstract string[] Opens { get; }

    /// <summary>An address where no journal is yet.</summary>
    private protected abstract string NewJournal(string name);

    [Fact]
    public virtual async Task They_are_taken_reconciled_closed_and_never_taken_again()
    {
        var totals = _folder.Write("totals.json", Totals);
        await using (var api = await LiveApi.StartAsync(Journal, isOpening: true))
        {
            var (answers, _) = await api.StreamAsync("opening", Lines);
            Assert.Equal(14, answers.Count);
            Assert.All(answers.SkipLast(1),
                answer =>
                Assert.True(answer.GetProperty("outcome").GetString() is not ("refused" or "stale" or "malformed"),
                answer.GetRawText()));
            Assert.Equal("claim_unknown", answers[^1].GetProperty("reason").GetString());
            Assert.Equal("2025-11-05", (await api.GetAsync("/v1/state")).GetProperty("day").GetString());

            // Meanwhile it takes nothing else.
            Assert.Equal(HttpStatusCode.Conflict,
                (await api.PostAsync("/v1/students/1/declare", Api.Lines.Declare())).Status);
            Assert.Equal(HttpStatusCode.Conflict, await StatusAsync(api, "enrolment"));
        }

        (await ServeAsync(Journal, Serves)).IsRefusal(3, "its opening balances are not closed");
        var wrong = _folder.Write("wrong.json",
            Totals.Replace("\"students\":2", "\"students\":3", StringComparison.Ordinal)
            .Replace("paid_2025_centimes\":6400", "paid_2024_centimes\":6400", StringComparison.Ordinal));
        var refused = await AmoeCommand.RunAsync("opening", "close", "--journal", Journal, "--totals", wrong, "-o",
            "json");
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("students: the totals have 3, the journal has 2", refused.Error, StringComparison.Ordinal);
        Assert.Equal(["paid_2024_centimes 6400 0", "paid_2025_centimes 0 6400", "students 3 2"],
            refused.Json.GetProperty("differences").EnumerateArray().Select(Short));

        var report = await AmoeCommand.RunAsync("opening", "report", "--journal", Journal, "--totals", totals, "-o",
            "json");
        report.IsDone();
        Assert.Equal(("begun", 14, 1),
            (report.Json.GetProperty("phase").GetString(), report.Json.GetProperty("lines").GetInt32(),
            report.Json.GetProperty("refused").GetInt32()));
        var reason = report.Json.GetProperty("commands_refused_by_reason")[0];
        Assert.Equal(("claim_unknown", "K6"),
            (reason.GetProperty("name").GetString(), reason.GetProperty("rule").GetString()));

        var closed = await AmoeCommand.RunAsync("opening", "close", "--journal", Journal, "--totals", totals, "-o",
            "json");
        closed.IsDone();
        Assert.Equal("closed", closed.Json.GetProperty("phase").GetString());
        (await ServeAsync(Journal, Opens)).IsRefusal(3, "its opening balances were reconciled and closed");
        (await AmoeCommand.RunAsync("verify", "--journal", Journal)).IsDone();
        await AfterwardsAsync();
    }

    [Fact]
    public virtual async Task A_host_that_restarts_in_the_middle_takes_no_line_twice()
    {
        var lines = Lines.Split('\n');
        string[] first;
        await using (var api = await LiveApi.StartAsync(Journal, isOpening: true))
            first = [.. (await api.StreamAsync("opening", string.Join('\n', lines[..9]))).Answers.Select(
                answer => answer.GetRawText())];
        await using (var api = await LiveApi.StartAsync(Journal, isOpening: true))
        {
            var (again, _) = await api.StreamAsync("opening", Lines);
            Assert.Equal(first, again.Take(9).Select(answer => answer.GetRawText()));
        }

        var report = await AmoeCommand.RunAsync("opening", "report", "--journal", Journal, "--totals",
            _folder.Write("totals.json", Totals), "-o", "json");
        report.IsDone();
        Assert.Equal(14, report.Json.GetProperty("lines").GetInt32());
    }

    [Fact]
    public virtual async Task A_host_that_is_killed_in_the_middle_takes_every_line_once()
    {
        const int Students = 600;
        string[] days = [.. Enumerable.Range(1, 6).Select(day => $"2025-10-{day:00}")];
        string[] lines = [.. Enumerable.Range(1, Students)
            .Select(student => Api.Lines.DeclarationOf((ulong)student).Replace(
            "{\"command\"", $"{{\"known\":\"{days[student * days.Length / (Students + 1)]}\",\"command\"",
                StringComparison.Ordinal))];
        var body = string.Join('\n', lines) + "\n";
        var (host, port, key) = await HostAsync();
        using (host)
        {
            using var sender = await RawSender.ConnectAsync(port, key, "opening");
            await sender.BeginAsync(body.Length);
            var sending = sender.SendToBreakAsync(
                Encoding.UTF8.GetBytes(string.Join('\n', lines.Take(Students / 2)) + "\n" + lines[Students / 2][..20]));
            await sender.ReadUntilAsync("{\"line\":150,");
            host.Kill();
            await sending;
            await host.FinishAsync();
        }

        await using (var api = await LiveApi.StartAsync(Journal, isOpening: true))
        {
            var (answers, _) = await api.StreamAsync("opening", body);
            Assert.Equal(Enumerable.Repeat("done", Students),
                answers.Select(answer => answer.GetProperty("outcome").GetString()));
        }

        var closed = await AmoeCommand.RunAsync(
            "opening", "close", "--journal", Journal, "--totals",
                _folder.Write("totals.json", $$"""{"students":{{Students}},"applications_declared":{{Students}}}"""),
                "-o", "json");
        closed.IsDone();
        Assert.Equal(Students, closed.Json.GetProperty("lines").GetInt32());
    }

    [Fact]
    public virtual async Task A_line_without_a_day_of_today_or_out_of_order_is_not_taken()
    {
        // An hour before midnight of UTC, when Morocco has its next day: that is today, and the day before is past.
        var time = new ShiftedTime(new DateTimeOffset(2026, 1, 12, 23, 30, 0, TimeSpan.Zero));
        await using var api = await LiveApi.StartAsync(Journal, time: time, isOpening: true);
        var lines = Lines.Split('\n');
        var (answers, _) = await api.StreamAsync("opening", string.Join('\n',
            Api.Lines.DeclarationOf(5), Known("2200-01-01"), Known("1999-12-31"),
                """{"command":"open_day","known":"2026-01-13"}""", lines[1], lines[0],
                """{"command":"open_day","known":"2026-01-12"}"""));
        Assert.Equal(
            ["malformed missing", "malformed out_of_range", "malformed out_of_range", "malformed out_of_range", "done",
                "stale", "done"],
            answers.Select(
                answer =>
                $"{answer.GetProperty("outcome")} {(answer.TryGetProperty("code", out var code) ? code : "")}".Trim()));

        static string Known(string day) =>
            Api.Lines.DeclarationOf(5)
            .Replace("{\"command\"", $"{{\"known\":\"{day}\",\"command\"", StringComparison.Ordinal);
    }

    [Fact]
    public virtual async Task The_fund_alone_sends_them_and_only_where_they_are_taken()
    {
        var keys = _folder.File("keys.json");
        var (fund, institution) = (await KeyAsync(keys, "fund"), await KeyAsync(keys, "institution", "--party", "3"));
        await using (var api = await LiveApi.StartAsync(Journal, keys: keys, isOpening: true))
        {
            api.Client.DefaultRequestHeaders.Authorization = new("Bearer", institution);
            Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(api, "opening"));
            api.Client.DefaultRequestHeaders.Authorization = new("Bearer", fund);
            Assert.Equal("done",
                (await api.StreamAsync("opening", Lines.Split('\n')[0])).Answers.Single().GetProperty("outcome")
                .GetString());
        }

        // A business day is open: there is no way back before it.
        var other = NewJournal("other");
        await using (var api = await LiveApi.StartAsync(other))
            Assert.Equal(HttpStatusCode.Conflict, await StatusAsync(api, "opening"));
        (await ServeAsync(other, Opens)).IsRefusal(
            3, "opening balances are taken before the first business day");
        (await AmoeCommand.RunAsync("opening", "close", "--journal", other, "--totals",
            _folder.Write("none.json", "{}"))).IsRefusal(3, "it takes no opening balances");
    }

    public void Dispose()
    {
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected static Task<Finished> ServeAsync(string journal, string[] options) =>
        AmoeCommand.RunAsync(["serve", "--journal", journal, .. options]);

    /// <summary>What was paid before is not paid again, what was open goes on, and days are the calendar's.</summary>
    private async Task AfterwardsAsync()
    {
        var time = new ShiftedTime(new DateTimeOffset(2026, 1, 12, 9, 0, 0, TimeSpan.Zero));
        await using var api = await LiveApi.StartAsync(Journal, time: time);
        using (var journal = Journals.OpenReadOnly(JournalAddress.Parse(Journal)))
            Assert.Equal(new DateOnly(2026, 1, 12), journal.ReadBook()!.LastDay);
        var paid = await api.PostAsync("/v1/students/2/claims/511/order_payment", """{"attempt":1}""");
        Assert.Equal((HttpStatusCode.UnprocessableEntity, "payment_already_ordered"),
            (paid.Status, paid.Body.GetProperty("reason").GetString()));
        Assert.Equal(HttpStatusCode.OK, (await api.PostAsync("/v1/students/2/claims/502/order_payment", "{}")).Status);
        Assert.Equal(HttpStatusCode.Conflict, await StatusAsync(api, "opening"));
    }

    private protected async Task<(AmoeProcess Process, int Port, string Key)> HostAsync()
    {
        var process = AmoeProcess.Start(
            ["serve", "--journal", Journal, .. Opens, "-o", "json"], temporaryFolder: _folder.Path);
        var serving = JsonDocument.Parse(await process.LineAsync()).RootElement;
        return (process, new Uri(serving.GetProperty("endpoint").GetString()!).Port,
            serving.GetProperty("key").GetString()!);
    }

    private static async Task<HttpStatusCode> StatusAsync(LiveApi api, string kind)
    {
        using var content = new StringContent(Lines);
        using var response = await api.Client.PostAsync(new Uri($"/v1/streams/{kind}", UriKind.Relative), content);
        return response.StatusCode;
    }

    private static async Task<string> KeyAsync(string file, string role, params string[] more)
    {
        var made = await AmoeCommand.RunAsync(
            ["keys", "create", "--role", role, .. more, "--keys", file, "-o", "json"]);
        made.IsDone();
        return made.Json.GetProperty("key").GetString()!;
    }

    private static string Short(JsonElement difference) =>
        $"{difference.GetProperty("name")} {difference.GetProperty("totals")} {difference.GetProperty("journal")}";

    /// <summary>The system's clock, at another time.</summary>
    private sealed class ShiftedTime(DateTimeOffset start) : TimeProvider
    {
        private readonly TimeSpan _shift = start - System.GetUtcNow();

        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + _shift;
    }
}
