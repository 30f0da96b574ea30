using System.Net;
using Amoe.Host.Live;
using Amoe.Host.Tests.Api;
using Amoe.Tests.Tls;

namespace Amoe.Host.Tests.Live;

/// <summary>What is configured of a live host.</summary>
public sealed class LiveSettingsTests : IDisposable
{
    private readonly TestFolder _folder = new();

    [Fact]
    public void Without_a_file_everything_is_as_usual()
    {
        var settings = LiveSettings.Read(_folder.Path);
        Assert.Null(settings.Access.Jwt);
        Assert.Null(settings.LoadCertificate(TimeProvider.System));
        Assert.Equal(20_000, settings.Access.Limits.RequestsPerSecond);
    }

    [Fact]
    public void The_file_says_limits_and_whose_tokens_are_taken()
    {
        Write(
            """{"Jwt":{"Audience":"amoe","Authority":"https://login.example.ma"},"Limits":{"RequestBurst":7,"RequestsPerSecond":5}}""");
        var access = LiveSettings.Read(_folder.Path).Access;
        Assert.Equal(("amoe", "https://login.example.ma"), (access.Jwt!.Audience, access.Jwt.Authority));
        Assert.Equal((7, 5), (access.Limits.RequestBurst, access.Limits.RequestsPerSecond));
    }

    [Theory]
    [InlineData(
        """{"Jwt":{"Audiance":"amoe"}}""",
        "'Jwt:Audiance' is not a setting. Settings are Https:Certificate, Jwt:Audience")]
    [InlineData(
        """{"Limits":{"RequestBurst":"many"}}""", "Limits:RequestBurst is 'many', and a whole number from 1 is wanted")]
    [InlineData("""{"Limits":{"RequestBurst":0}}""", "the limit RequestBurst is 0")]
    [InlineData("""{"Jwt":{"Authority":"https://login.example.ma"}}""", "tokens need an audience")]
    [InlineData(
        """{"Jwt":{"Audience":"amoe","Authority":"http://login.example.ma"}}""", "an authority is an https address")]
    [InlineData("{", "it is no JSON of settings")]
    public void What_is_wrong_is_refused_before_the_host_starts(string json, string says)
    {
        Write(json);
        Assert.Contains(
            says, Assert.Throws<InputException>(() => LiveSettings.Read(_folder.Path)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_environment_comes_after_the_file()
    {
        Write("""{"Limits":{"RequestBurst":0}}""");
        using var refused = AmoeProcess.Start(
            ["serve", "--journal", _folder.File("a.amoe"), "--http", "127.0.0.1:0"], null,
            ("AMOE_Limits__RequestsPerSecond", "none"));
        (await refused.FinishAsync()).IsRefusal(2, "the environment: Limits:RequestsPerSecond is 'none'");
    }

    [Fact]
    public async Task A_host_with_a_certificate_speaks_https_and_one_without_stays_on_its_machine()
    {
        using var authority = new Authority(_folder.Path, "authority");
        Write($$"""{"Https":{"Certificate":"{{authority.Issue("localhost").CertificateFile}}"} }""");
        await using var api = await LiveApi.StartAsync(
            _folder.File("live.amoe"), settings: LiveSettings.Read(_folder.Path));
        Assert.Equal("https", api.Client.BaseAddress!.Scheme);
        using var trusting = new HttpClient(
            new HttpClientHandler
            {
                ServerCertificateCustomValidationCallback = (_, certificate, _, _) =>
                    certificate!.Subject.Contains("localhost", StringComparison.Ordinal)
            });
        Assert.Equal(
            HttpStatusCode.OK, (await trusting.GetAsync(new Uri(api.Client.BaseAddress, "/health/ready"))).StatusCode);
        await Assert.ThrowsAsync<HttpRequestException>(() =>
            api.Client.GetAsync(new Uri("/health/ready", UriKind.Relative)));

        (await AmoeCommand.RunAsync("serve", "--journal", _folder.File("b.amoe"), "--http", "0.0.0.0:0"))
            .IsRefusal(1, "keys would cross the network unencrypted");
    }

    public void Dispose() => _folder.Dispose();

    private void Write(string json) => _folder.Write("appsettings.json", json);
}
