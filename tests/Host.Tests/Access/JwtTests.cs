using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Amoe.Engine.Tests;
using Amoe.Host.Access;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Amoe.Host.Tests.Access;

/// <summary>Tokens of an authority in place of keys.</summary>
public sealed class JwtTests : IAsyncLifetime, IDisposable
{
    private const string Issuer = "https://id.example.ma";
    private const string Audience = "amoe";

    private readonly TestFolder _folder = new();
    private readonly VirtualTime _time = new();
    private readonly ECDsa _signing = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private ApiKeys _keys = null!;
    private string _key = "";

    public async Task InitializeAsync()
    {
        var (key, text) = TestKeys.New(Role.Fund);
        await TestKeys.WriteAsync(_folder.File("keys.json"), key);
        (_keys, _key) = (ApiKeys.Open(_folder.File("keys.json"), _time, _ => { }), text);
        _folder.Write("jwt.pem", _signing.ExportSubjectPublicKeyInfoPem());
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose()
    {
        _keys.Dispose();
        _signing.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_token_makes_the_same_caller_as_a_key_and_keys_go_on()
    {
        await using var host = await StartAsync();

        Assert.Equal(
            (HttpStatusCode.OK, "jwt:u-17 institution 64 "),
            await Who(host, Call.Declare, Token(("amoe_role", "institution"), ("amoe_party", "64"))));
        Assert.Equal(
            (HttpStatusCode.OK, "jwt:u-17 institution 64 "),
            await Who(host, Call.Declare, Token(("amoe_role", "institution"), ("amoe_party", 64))));
        Assert.Equal(
            (HttpStatusCode.OK, "jwt:u-17 student  18446744073709551615"),
            await Who(
                host, Call.AskEntitlement, Token(("amoe_role", "student"), ("amoe_student", "18446744073709551615"))));
        Assert.Equal(HttpStatusCode.OK, (await Who(host, Call.ReceiveClaim, _key)).Status);
        (await host.CallAsync(Call.ReceiveClaim, Token(("amoe_role", "auditor"))))
            .IsProblem(HttpStatusCode.Forbidden, "/problems/forbidden");
    }

    [Fact]
    public async Task Without_settings_for_tokens_a_token_is_refused()
    {
        await using var host = await AccessHost.StartAsync(_keys, time: _time);

        (await host.CallAsync(Call.ReceiveClaim, Token(("amoe_role", "fund"))))
            .IsProblem(HttpStatusCode.Unauthorized, "/problems/unauthenticated");
    }

    [Fact]
    public async Task A_token_without_a_signature_is_refused()
    {
        await using var host = await StartAsync();

        await RefusedAsync(host, Unsigned("none"));
        await RefusedAsync(host, Unsigned("None"));
        await RefusedAsync(host, Unsigned("ES256"));
    }

    [Fact]
    public async Task A_token_signed_by_another_or_with_the_public_key_as_a_secret_is_refused()
    {
        await using var host = await StartAsync();
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var asSecret = new SymmetricSecurityKey(Encoding.UTF8.GetBytes(_signing.ExportSubjectPublicKeyInfoPem()));

        await RefusedAsync(
            host,
            Token(
                Fund,
                credentials: new SigningCredentials(new ECDsaSecurityKey(other), SecurityAlgorithms.EcdsaSha256)));
        await RefusedAsync(
            host, Token(Fund, credentials: new SigningCredentials(asSecret, SecurityAlgorithms.HmacSha256)));
        await RefusedAsync(host, Token(Fund)[..^8] + "AAAAAAAA");
    }

    [Fact]
    public async Task A_token_for_another_audience_or_of_another_issuer_is_refused()
    {
        await using var host = await StartAsync();

        await RefusedAsync(host, Token(Fund, audience: "elsewhere"));
        await RefusedAsync(host, Token(Fund, audience: null));
        await RefusedAsync(host, Token(Fund, issuer: "https://evil.example"));
        await RefusedAsync(host, Token(Fund, issuer: null));
    }

    [Fact]
    public async Task A_token_is_valid_from_its_beginning_to_its_end_give_or_take_thirty_seconds()
    {
        await using var host = await StartAsync();
        var (now, skew) = (_time.GetUtcNow().UtcDateTime, JwtAuthentication.ClockSkew);

        Assert.Equal(
            HttpStatusCode.OK,
            (await host.CallAsync(Call.ReceiveClaim, Token(Fund, until: now - skew + TimeSpan.FromSeconds(1)))).Status);
        await RefusedAsync(host, Token(Fund, until: now - skew));
        Assert.Equal(
            HttpStatusCode.OK, (await host.CallAsync(Call.ReceiveClaim, Token(Fund, from: now + skew))).Status);
        await RefusedAsync(host, Token(Fund, from: now + skew + TimeSpan.FromSeconds(1)));
        await RefusedAsync(host, Token(Fund, lasts: false));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"amoe_role":"boss"}""")]
    [InlineData("""{"amoe_role":"Fund"}""")]
    [InlineData("""{"amoe_role":["fund","auditor"]}""")]
    [InlineData("""{"amoe_role":"none"}""")]
    [InlineData("""{"amoe_role":"institution"}""")]
    [InlineData("""{"amoe_role":"institution","amoe_party":"-1"}""")]
    [InlineData("""{"amoe_role":"institution","amoe_party":"0"}""")]
    [InlineData("""{"amoe_role":"institution","amoe_party":["1","2"]}""")]
    [InlineData("""{"amoe_role":"institution","amoe_party":"99999999999"}""")]
    [InlineData("""{"amoe_role":"fund","amoe_party":"1"}""")]
    [InlineData("""{"amoe_role":"student"}""")]
    [InlineData("""{"amoe_role":"student","amoe_student":"x"}""")]
    [InlineData("""{"amoe_role":"auditor","amoe_student":"1"}""")]
    [InlineData("""{"amoe_role":"fund","name":"a\u0007"}""")]
    public async Task A_token_whose_claims_make_no_caller_is_refused(string claims)
    {
        await using var host = await StartAsync();
        var parsed = JsonDocument.Parse(claims).RootElement
            .EnumerateObject()
            .Select(claim => (claim.Name, (object)claim.Value))
            .ToArray();

        await RefusedAsync(host, Token(parsed));
    }

    [Fact]
    public async Task A_token_needs_a_subject()
    {
        await using var host = await StartAsync();

        await RefusedAsync(host, Token(Fund, subject: null));
        await RefusedAsync(host, Token(Fund, subject: new string('x', 129)));

        // The audit log has it as the actor, and takes neither.
        await RefusedAsync(host, Token(Fund, subject: " "));
        await RefusedAsync(host, Token(Fund, subject: "😀"));
        Assert.Equal(
            HttpStatusCode.OK,
            (await host.CallAsync(Call.ReceiveClaim, Token(Fund, subject: new string('x', 128)))).Status);
    }

    [Fact]
    public async Task A_token_is_in_no_log_and_no_answer_says_why_it_was_refused()
    {
        await using var host = await StartAsync();
        var (right, wrong) = (Token(Fund), Token(Fund, audience: "elsewhere"));

        Assert.Equal(HttpStatusCode.OK, (await host.CallAsync(Call.ReceiveClaim, right)).Status);
        var refused = await host.CallAsync(Call.ReceiveClaim, wrong);

        Assert.DoesNotContain("elsewhere", refused.Body + refused.Challenge, StringComparison.Ordinal);
        Assert.All(
            (string[])[right, wrong],
            token => Assert.DoesNotContain(token.Split('.')[2], host.Log + refused.Body, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Tokens_that_fail_are_limited_as_keys_are()
    {
        await using var host = await StartAsync(
            Local, new AccessLimits { FailureBurst = 1, FailurePeriod = TimeSpan.FromHours(1) });

        await RefusedAsync(host, Token(Fund, audience: "elsewhere"));
        (await host.CallAsync(Call.ReceiveClaim, Token(Fund, audience: "elsewhere")))
            .IsProblem(HttpStatusCode.TooManyRequests, "/problems/too_many_requests");
        (await host.CallAsync(Call.ReceiveClaim, TestKeys.New(Role.Fund).Text))
            .IsProblem(HttpStatusCode.TooManyRequests, "/problems/too_many_requests");
        Assert.Equal(HttpStatusCode.OK, (await host.CallAsync(Call.ReceiveClaim, Token(Fund))).Status);
    }

    [Fact]
    public async Task An_authority_publishes_its_keys_and_its_tokens_are_taken()
    {
        var authority = new Authority(_signing);
        await using var host = await StartAsync(
            new JwtSettings { Audience = Audience, Authority = Issuer, Backchannel = authority });

        Assert.Equal((HttpStatusCode.OK, "jwt:u-17 fund  "), await Who(host, Call.ReceiveClaim, Token(Fund)));
        await RefusedAsync(host, Token(Fund, issuer: "https://evil.example"));
        Assert.Equal([$"{Issuer}/.well-known/openid-configuration", $"{Issuer}/keys"], authority.Asked.Distinct());
    }

    [Fact]
    public async Task An_authority_that_does_not_answer_is_503_and_keys_go_on()
    {
        await using var host = await StartAsync(
            new JwtSettings { Audience = Audience, Authority = Issuer, Backchannel = new Authority(null) });

        var answer = await host.CallAsync(Call.ReceiveClaim, Token(Fund));

        answer.IsProblem(HttpStatusCode.ServiceUnavailable, "/problems/authority_unavailable");
        Assert.Equal(TimeSpan.FromSeconds(5), answer.RetryAfter);
        Assert.Equal(HttpStatusCode.OK, (await host.CallAsync(Call.ReceiveClaim, _key)).Status);
    }

    [Fact]
    public void Settings_that_cannot_be_used_are_refused_at_the_start()
    {
        using var small = RSA.Create(1024);
        var (weak, secret) = (_folder.Write("weak.pem", small.ExportSubjectPublicKeyInfoPem()),
            _folder.Write("private.pem", _signing.ExportPkcs8PrivateKeyPem()));
        var text = _folder.Write("text.pem", "hello");

        Says("tokens need an audience", Local with { Audience = " " });
        Says(
            "tokens need an authority or the file of a signing key, one of the two",
            new JwtSettings { Audience = Audience });
        Says(
            "tokens need an authority or the file of a signing key, one of the two", Local with { Authority = Issuer });
        Says(
            "http://id.example.ma: an authority is an https address",
            new JwtSettings { Audience = Audience, Authority = "http://id.example.ma" });
        Says("need an issuer, the 'iss' they have", Local with { Issuer = null });
        Says($"{weak}: an RSA key of 1024 bits is too short, 2048 are the least", Local with { SigningKeyFile = weak });
        Says($"{secret}: it has a private key, and the public key is wanted", Local with { SigningKeyFile = secret });
        Says($"{text}: the signing key cannot be read (", Local with { SigningKeyFile = text });
        Says(
            $"{_folder.File("nowhere.pem")}: the signing key cannot be read (",
            Local with { SigningKeyFile = _folder.File("nowhere.pem") });

        void Says(string text, JwtSettings settings)
        {
            var services = new Microsoft.Extensions.DependencyInjection.ServiceCollection();
            Assert.Contains(
                text,
                Assert.Throws<InputException>(() =>
                    services.AddAccess(_keys, new AccessSettings { Jwt = settings }, _time)).Message,
                StringComparison.Ordinal);
        }
    }

    private JwtSettings Local =>
        new() { Audience = Audience, Issuer = Issuer, SigningKeyFile = _folder.File("jwt.pem") };

    private static (string, object)[] Fund => [("amoe_role", "fund")];

    private Task<AccessHost> StartAsync(JwtSettings? settings = null, AccessLimits? limits = null) =>
        AccessHost.StartAsync(
            _keys,
            new AccessSettings
            {
                Jwt = settings ?? Local,
                Limits = limits ?? new AccessLimits { FailureBurst = 1_000 }
            },
            _time);

    private static async Task<(HttpStatusCode Status, string Body)> Who(AccessHost host, Call call, string bearer) =>
        await host.CallAsync(call, bearer) is var answer ? (answer.Status, answer.Body) : default;

    private static async Task RefusedAsync(AccessHost host, string token) =>
        (await host.CallAsync(Call.ReceiveClaim, token))
            .IsProblem(HttpStatusCode.Unauthorized, "/problems/unauthenticated");

    private string Token(params (string Name, object Value)[] claims) => Token(claims, subject: "u-17");

    private string Token(
        (string Name, object Value)[] claims, string? subject = "u-17", string? audience = Audience,
        string? issuer = Issuer, DateTime? from = null, DateTime? until = null,
        bool lasts = true, SigningCredentials? credentials = null)
    {
        var now = _time.GetUtcNow().UtcDateTime;
        var all = claims.ToDictionary(claim => claim.Name, claim => claim.Value);
        if (subject is not null)
            all["sub"] = subject;
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }
            .CreateToken(new SecurityTokenDescriptor
            {
                Issuer = issuer,
                Audience = audience,
                NotBefore = from,
                Expires = !lasts ? null : until ?? now.AddHours(1),
                Claims = all,
                SigningCredentials = credentials
                ?? new SigningCredentials(
                    new ECDsaSecurityKey(_signing) { KeyId = "one" }, SecurityAlgorithms.EcdsaSha256),
            });
    }

    private string Unsigned(string algorithm)
    {
        var payload = Token(Fund).Split('.')[1];
        return $"{Base64UrlEncoder.Encode($$"""{"alg":"{{algorithm}}","typ":"JWT"}""")}.{payload}.";
    }

    /// <summary>The server of an authority; without a key it answers nothing.</summary>
    private sealed class Authority(ECDsa? signing) : HttpMessageHandler
    {
        public List<string> Asked { get; } = [];

        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (signing is null)
                throw new HttpRequestException("connection refused");
            var path = request.RequestUri!.ToString();
            lock (Asked)
                Asked.Add(path);
            var key = JsonWebKeyConverter.ConvertFromECDsaSecurityKey(
                new ECDsaSecurityKey(ECDsa.Create(signing.ExportParameters(false))) { KeyId = "one" });
            var body = path.EndsWith("/keys", StringComparison.Ordinal)
                ? $$"""{"keys":[{"kty":"EC","crv":"P-256","kid":"one","use":"sig","x":"{{key.X}}","y":"{{key.Y}}"}]}"""
                : $$"""{"issuer":"{{Issuer}}","jwks_uri":"{{Issuer}}/keys"}""";
            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(body) });
        }
    }
}
