using System.Net;
using Amoe.Host.Access;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.DependencyInjection;

namespace Amoe.Host.Tests.Access;

/// <summary>Keys, permissions and limits over HTTP.</summary>
public sealed class AuthenticationTests : IAsyncLifetime, IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly Dictionary<Role, (StoredKey Key, string Text)> _made = Permissions.Roles.ToDictionary(
        role => role, role => TestKeys.New(role));
    private ApiKeys _keys = null!;

    public async Task InitializeAsync()
    {
        await TestKeys.WriteAsync(_folder.File("keys.json"), [.. _made.Values.Select(one => one.Key)]);
        _keys = ApiKeys.Open(_folder.File("keys.json"), TimeProvider.System, _ => { });
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose()
    {
        _keys.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_key_is_taken_as_a_bearer_and_as_a_header_of_its_own()
    {
        await using var host = await AccessHost.StartAsync(_keys);
        var (key, text) = _made[Role.Institution];
        var who = $"{key.IdText} institution 12 ";

        Assert.Equal((HttpStatusCode.OK, who), await Sent("Authorization", $"Bearer {text}"));
        Assert.Equal((HttpStatusCode.OK, who), await Sent("Authorization", $"bearer   {text}"));
        Assert.Equal((HttpStatusCode.OK, who), await Sent("X-Api-Key", text));
        Assert.Equal(
            (HttpStatusCode.OK, $"{_made[Role.Student].Key.IdText} student  4711"),
            await Sent("x-api-key", _made[Role.Student].Text, Call.AskEntitlement));

        async Task<(HttpStatusCode, string)> Sent(string header, string value, Call call = Call.Declare)
        {
            var answer = await host.SendAsync(
                HttpMethod.Post, $"/call/{Names.Of(call)}",
                request => request.Headers.TryAddWithoutValidation(header, value));
            return (answer.Status, answer.Body);
        }
    }

    [Fact]
    public void Keys_and_tokens_need_no_data_protection()
    {
        // Its keys would be made at each start, in a folder of the user's or with a warning that there is none.
        var tokens = new JwtSettings { Audience = "amoe", Authority = "https://login.example" };
        var services = new ServiceCollection().AddAccess(
            _keys, new AccessSettings { Jwt = tokens }, TimeProvider.System);
        Assert.Contains(services, service => service.ServiceType == typeof(JwtBearerHandler));
        Assert.DoesNotContain(
            services, service => $"{service.ServiceType}".Contains("DataProtection", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_a_key_the_answer_is_401_and_says_how_to_send_one()
    {
        await using var host = await AccessHost.StartAsync(_keys);

        var answer = await host.CallAsync(Call.Declare, null);

        answer.IsProblem(HttpStatusCode.Unauthorized, "/problems/unauthenticated");
        Assert.Equal("Bearer realm=\"amoe\"", answer.Challenge);
        Assert.Contains(
            "Authorization: Bearer amoe_", answer.Json.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_that_is_wrong_unknown_or_malformed_has_the_same_answer_and_is_repeated_nowhere()
    {
        await using var host = await AccessHost.StartAsync(_keys);
        var (right, other) = (_made[Role.Fund].Text, TestKeys.New(Role.Fund).Text);
        string[] presented = [right[..14] + other[14..], other, "amoe_short_secretpart", "nota-secretpart-token"];

        var answers = await Task.WhenAll(presented.Select(text => host.CallAsync(Call.ReceiveClaim, text)));

        Assert.All(answers, answer =>
        {
            answer.IsProblem(HttpStatusCode.Unauthorized, "/problems/unauthenticated");
            Assert.Equal("Bearer realm=\"amoe\", error=\"invalid_token\"", answer.Challenge);
            Assert.Equal(answers[0].Body, answer.Body);
        });
        Assert.NotEmpty(host.Log);
        Assert.All(
            (string[])[other[14..], "secretpart"],
            secret => Assert.DoesNotContain(secret, host.Log + answers[0].Body, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_key_that_is_right_is_in_no_log()
    {
        await using var host = await AccessHost.StartAsync(_keys);

        Assert.Equal(HttpStatusCode.OK, (await host.CallAsync(Call.ReceiveClaim, _made[Role.Fund].Text)).Status);

        Assert.NotEmpty(host.Log);
        Assert.DoesNotContain(_made[Role.Fund].Text[14..], host.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_proofs_another_scheme_and_a_key_in_the_address_are_refused()
    {
        await using var host = await AccessHost.StartAsync(_keys);
        var (fund, auditor) = (_made[Role.Fund].Text, _made[Role.Auditor].Text);

        await Refused("/call/receive_claim", ("Authorization", $"Bearer {fund}"), ("X-Api-Key", auditor));
        await Refused("/call/receive_claim", ("X-Api-Key", fund), ("X-Api-Key", fund));
        await Refused("/call/receive_claim", ("Authorization", $"Basic {fund}"));
        await Refused($"/call/receive_claim?api_key={fund}&access_token={fund}");

        async Task Refused(string path, params (string Name, string Value)[] headers) =>
            (await host.SendAsync(
                HttpMethod.Post, path,
                request =>
                    Assert.All(
                        headers,
                        header => Assert.True(request.Headers.TryAddWithoutValidation(header.Name, header.Value)))))
                .IsProblem(HttpStatusCode.Unauthorized, "/problems/unauthenticated");
    }

    [Fact]
    public async Task Each_role_is_answered_by_each_call_as_the_table_in_the_document_says()
    {
        await using var host = await AccessHost.StartAsync(_keys);

        foreach (var (call, role, cell) in PermissionTable.Cells())
        {
            var answer = await host.CallAsync(call, _made[role].Text);
            if (cell == "no")
            {
                answer.IsProblem(HttpStatusCode.Forbidden, "/problems/forbidden");
                Assert.Equal("role_not_allowed", answer.Json.GetProperty("code").GetString());
                Assert.Equal(
                    Permissions.Roles.Where(one => Permissions.IsAllowed(one, call)).Select(Names.Of),
                    answer.Json.GetProperty("roles").EnumerateArray().Select(one => one.GetString()));
            }
            else
            {
                Assert.True(answer.Status == HttpStatusCode.OK, $"{role} {call}: {answer.Body}");
            }
        }
    }

    [Fact]
    public async Task An_endpoint_that_names_no_call_is_closed_to_every_role()
    {
        await using var host = await AccessHost.StartAsync(_keys);

        foreach (var path in (string[])["/unnamed", "/only-authorized"])
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await host.GetAsync(path)).Status);
            foreach (var role in Permissions.Roles)
            {
                var answer = await host.GetAsync(path, _made[role].Text);
                answer.IsProblem(HttpStatusCode.Forbidden, "/problems/forbidden");
                Assert.Equal("no_call", answer.Json.GetProperty("code").GetString());
            }
        }
    }

    [Fact]
    public async Task An_open_endpoint_answers_a_stranger_and_one_with_a_wrong_key()
    {
        await using var host = await AccessHost.StartAsync(_keys);

        Assert.Equal("a stranger", (await host.GetAsync("/open")).Body);
        Assert.Equal("a stranger", (await host.GetAsync("/open", TestKeys.New(Role.Fund).Text)).Body);
    }

    [Fact]
    public async Task What_is_not_there_is_401_to_a_stranger_and_404_or_405_to_a_caller()
    {
        await using var host = await AccessHost.StartAsync(_keys);

        Assert.Equal(HttpStatusCode.Unauthorized, (await host.GetAsync("/nowhere")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await host.GetAsync("/nowhere", _made[Role.Auditor].Text)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await host.GetAsync("/call/declare")).Status);
        Assert.Equal(
            HttpStatusCode.MethodNotAllowed,
            (await host.GetAsync("/call/declare", _made[Role.Institution].Text)).Status);
    }

    [Fact]
    public async Task A_key_that_asks_too_much_is_answered_429_and_another_key_is_not()
    {
        await using var host = await AccessHost.StartAsync(
            _keys, new AccessSettings { Limits = new AccessLimits { RequestBurst = 3, RequestsPerSecond = 1 } });
        for (var i = 0; i < 3; i++)
            Assert.Equal(HttpStatusCode.OK, (await host.CallAsync(Call.ReceiveClaim, _made[Role.Fund].Text)).Status);

        // One token comes back each second, and a slow machine may take that long: some of many are refused.
        var answers = await Task.WhenAll(
            Enumerable.Range(0, 20).Select(_ => host.CallAsync(Call.ReceiveClaim, _made[Role.Fund].Text)));
        var refused = answers.First(answer => answer.Status != HttpStatusCode.OK);

        refused.IsProblem(HttpStatusCode.TooManyRequests, "/problems/too_many_requests");
        Assert.InRange(refused.RetryAfter!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2));
        Assert.Equal(HttpStatusCode.OK, (await host.CallAsync(Call.ReadState, _made[Role.Auditor].Text)).Status);
    }

    [Fact]
    public async Task A_key_that_asked_too_much_is_answered_again_when_its_bucket_fills()
    {
        await using var host = await AccessHost.StartAsync(
            _keys, new AccessSettings { Limits = new AccessLimits { RequestBurst = 1, RequestsPerSecond = 10 } });
        var statuses = new List<HttpStatusCode>();
        do
        {
            statuses.Add((await host.CallAsync(Call.ReceiveClaim, _made[Role.Fund].Text)).Status);
        }
        while (statuses is not [.., HttpStatusCode.TooManyRequests, HttpStatusCode.OK] && statuses.Count < 20_000);

        Assert.Equal([HttpStatusCode.TooManyRequests, HttpStatusCode.OK], statuses[^2..]);
    }

    [Fact]
    public async Task An_address_that_fails_too_often_is_answered_429_and_a_valid_key_from_it_is_not()
    {
        var limits = new AccessLimits { FailureBurst = 4, FailurePeriod = TimeSpan.FromHours(1) };
        await using var host = await AccessHost.StartAsync(_keys, new AccessSettings { Limits = limits });
        for (var i = 0; i < limits.FailureBurst; i++)
            Assert.Equal(
                HttpStatusCode.Unauthorized,
                (await host.CallAsync(Call.ReceiveClaim, TestKeys.New(Role.Fund).Text)).Status);

        var refused = await host.CallAsync(Call.ReceiveClaim, TestKeys.New(Role.Fund).Text);

        refused.IsProblem(HttpStatusCode.TooManyRequests, "/problems/too_many_requests");
        Assert.InRange(refused.RetryAfter!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1));
        Assert.Equal(HttpStatusCode.OK, (await host.CallAsync(Call.ReceiveClaim, _made[Role.Fund].Text)).Status);

        // To send nothing is no failure: a client learns from the challenge how to prove who it is.
        Assert.Equal(HttpStatusCode.Unauthorized, (await host.CallAsync(Call.ReceiveClaim, null)).Status);
    }

    [Fact]
    public void The_limits_are_those_of_the_document()
    {
        var limits = new AccessLimits();

        Assert.Equal(
            (50_000, 20_000, 10, TimeSpan.FromMinutes(1)),
            (limits.RequestBurst, limits.RequestsPerSecond, limits.FailureBurst,
                limits.FailureBurst * limits.FailurePeriod));
    }

    [Fact]
    public void A_limit_that_is_none_is_refused()
    {
        Assert.Equal(
            "the limit RequestBurst is 0: a limit is from 1.",
            Assert.Throws<InputException>(() => new AccessLimits { RequestBurst = 0 }.Validate()).Message);
        Assert.Equal(
            "the limit FailurePeriod is 0: a limit is from 1.",
            Assert.Throws<InputException>(() => new AccessLimits { FailurePeriod = TimeSpan.Zero }.Validate()).Message);
    }

    [Theory]
    [InlineData("10.0.0.7", "10.0.0.7")]
    [InlineData("::ffff:10.0.0.7", "10.0.0.7")]
    [InlineData("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::")]
    [InlineData("2001:db8:1:2:ffff::1", "2001:db8:1:2::")]
    public void All_addresses_of_one_network_of_ipv6_are_limited_as_one(string address, string limited) =>
        Assert.Equal(IPAddress.Parse(limited), Challenges.NetworkOf(IPAddress.Parse(address)));
}
