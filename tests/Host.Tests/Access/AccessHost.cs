using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Amoe.Host.Access;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Amoe.Host.Tests.Access;

/// <summary>
/// Kestrel on loopback with an endpoint for each call at <c>/call/NAME</c>, one without a call and one that is open.
/// </summary>
internal sealed class AccessHost : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false });
    private readonly LogLines _log;

    private AccessHost(WebApplication application, LogLines log)
    {
        (_application, _log) = (application, log);
        _client.BaseAddress = new Uri(
            application.Services.GetRequiredService<IServer>().Features
                .Get<IServerAddressesFeature>()!.Addresses
                .First());
    }

    /// <summary>Everything that was logged, at every level.</summary>
    public string Log => _log.Text;

    public static async Task<AccessHost> StartAsync(
        ApiKeys keys, AccessSettings? settings = null, TimeProvider? time = null)
    {
        var log = new LogLines();
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(log));
        builder.Services.AddRouting().AddAccess(keys, settings ?? new AccessSettings(), time ?? TimeProvider.System);
        var application = builder.Build();
        application.UseRouting();
        application.UseAccess();
        foreach (var call in Permissions.AllCalls)
            application.MapPost($"/call/{Names.Of(call)}", SayWho).RequireCall(call);
        application.MapGet("/unnamed", SayWho);
        application.MapGet("/only-authorized", SayWho).RequireAuthorization();
        application.MapGet("/open", SayWho).AllowAnonymous();
        await application.StartAsync();
        return new AccessHost(application, log);
    }

    public Task<Answer> CallAsync(Call call, string? bearer) =>
        SendAsync(HttpMethod.Post, $"/call/{Names.Of(call)}", request => Authorize(request, bearer));

    public Task<Answer> GetAsync(string path, string? bearer = null) =>
        SendAsync(HttpMethod.Get, path, request => Authorize(request, bearer));

    public async Task<Answer> SendAsync(HttpMethod method, string path, Action<HttpRequestMessage> with)
    {
        using var request = new HttpRequestMessage(method, path);
        with(request);
        using var response = await _client.SendAsync(request);
        return new Answer(
            response.StatusCode, await response.Content.ReadAsStringAsync(),
            response.Content.Headers.ContentType?.MediaType,
            response.Headers.WwwAuthenticate.ToString(), response.Headers.RetryAfter?.Delta);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _application.StopAsync();
        await _application.DisposeAsync();
    }

    private static void Authorize(HttpRequestMessage request, string? bearer)
    {
        if (bearer is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", bearer);
    }

    private static Task SayWho(HttpContext context) =>
        context.Response.WriteAsync(
            context.FindCaller() is { } caller
                ? $"{caller.KeyId} {Names.Of(caller.Role)} {caller.Party} {caller.Student}"
                : "a stranger");

    private sealed class LogLines : ILoggerProvider, ILogger
    {
        private readonly System.Text.StringBuilder _lines = new();

        public string Text
        {
            get
            {
                lock (_lines)
                    return _lines.ToString();
            }
        }

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter)
        {
            lock (_lines)
                _lines.AppendLine(formatter(state, exception)).AppendLine(exception?.ToString());
        }

        public void Dispose()
        {
        }
    }
}

/// <summary>What a host answered.</summary>
internal sealed record Answer(
    HttpStatusCode Status, string Body, string? ContentType, string Challenge, TimeSpan? RetryAfter)
{
    public string Type => Json.GetProperty("type").GetString()!;

    public JsonElement Json => JsonDocument.Parse(Body).RootElement;

    /// <summary>A problem of a type, written as one.</summary>
    public void IsProblem(HttpStatusCode status, string type)
    {
        Assert.True(Status == status, $"{Status}: {Body}");
        Assert.Equal(
            ("application/problem+json", type, (int)status),
            (ContentType, Type, Json.GetProperty("status").GetInt32()));
        Assert.NotEmpty(Json.GetProperty("title").GetString()!);
        Assert.NotEmpty(Json.GetProperty("detail").GetString()!);
    }
}
