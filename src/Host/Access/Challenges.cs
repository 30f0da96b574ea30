using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Http;

namespace Amoe.Host.Access;

/// <summary>
/// Answers requests whose caller is not known, and counts failures by address. A valid key from the same address is not
/// affected: behind one address there may be a whole university.
/// </summary>
internal sealed class Challenges(AccessLimits limits) : IDisposable
{
    private const int NetworkBytes = 8;

    private readonly PartitionedRateLimiter<IPAddress> _failures =
        PartitionedRateLimiter.Create<IPAddress, IPAddress>(address =>
            RateLimitPartition.GetTokenBucketLimiter(address, _ => new TokenBucketRateLimiterOptions
            {
                TokenLimit = limits.FailureBurst,
                TokensPerPeriod = 1,
                ReplenishmentPeriod = limits.FailurePeriod,
            }));

    /// <summary>Answers 401, or 429 where the address failed too often.</summary>
    /// <param name="presented">Whether the request had a credential, which failed then.</param>
    public Task AnswerAsync(HttpContext context, bool presented)
    {
        if (!presented)
            return Problems.WriteUnauthenticatedAsync(context, presented: false);
        using var lease = _failures.AttemptAcquire(NetworkOf(context.Connection.RemoteIpAddress));
        return lease.IsAcquired
            ? Problems.WriteUnauthenticatedAsync(context, presented: true)
            : Problems.WriteTooManyAsync(
                context, "Too many keys or tokens from this address were not valid",
                lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? wait : limits.FailurePeriod);
    }

    /// <summary>
    /// The address that is limited. In IPv6 it is the network, the upper 64 bits: its holder has every address below
    /// it.
    /// </summary>
    internal static IPAddress NetworkOf(IPAddress? address)
    {
        // A socket of the file system has no address.
        if (address is null)
            return IPAddress.None;
        if (address.IsIPv4MappedToIPv6)
            return address.MapToIPv4();
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
            return address;
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        bytes[NetworkBytes..].Clear();
        return new IPAddress(bytes);
    }

    public void Dispose() => _failures.Dispose();
}
