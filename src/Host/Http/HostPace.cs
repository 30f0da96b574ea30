namespace Amoe.Host.Http;

/// <summary>How slow a caller may be before its connection is cut. The server looks once a second.</summary>
internal sealed record HostPace
{
    /// <summary>How long the headers of a request may take.</summary>
    public TimeSpan Headers { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a connection is kept that asks for nothing.</summary>
    public TimeSpan Idle { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Bytes of a second, below which a body or an answer is cut once the grace is over.</summary>
    public int BytesPerSecondMin { get; init; } = 240;

    /// <summary>How long a body or an answer may be slower; above a second.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(5);
}
