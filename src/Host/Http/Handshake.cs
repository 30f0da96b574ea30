using System.IO.Pipelines;
using System.Security.Cryptography;

namespace Amoe.Host.Http;

/// <summary>What is at the other end of a link.</summary>
internal enum PeerRole : byte
{
    /// <summary>A host of the cluster: what it sends is for the host it sends it to, and never forwarded.</summary>
    Host = 1,

    /// <summary>Somebody who sends commands to any host.</summary>
    Client = 2,
}

/// <summary>
/// How two processes prove to each other that they know the peers secret, which itself is not sent. Each draws a nonce; each sends an HMAC-SHA256 under
/// the secret over which side it is, the caller's role and both nonces, the caller first: who does not know the secret learns nothing by calling. What follows
/// on the stream is neither encrypted nor signed.
/// <code>
/// caller  ── Hello:    version, role, nonce ──►  called
///         ◄── Nonce:   nonce ──
///         ── Proof:    HMAC(caller) ──►
///         ◄── Welcome: HMAC(called) ──   or nothing: refused
/// </code>
/// </summary>
internal static class Handshake
{
    private const byte Version = 1;
    private const int NonceBytes = 32;
    private const int HelloBytes = 2 + NonceBytes;
    private const int FrameBytesMax = 128;

    /// <summary>The caller's side.</summary>
    /// <exception cref="LinkException">Either does not know the other's secret, or the other is no such host.</exception>
    public static async Task CallAsync(FrameReader reader, PipeWriter writer, PeersSecret secret, PeerRole role, CancellationToken cancellation)
    {
        var hello = new byte[HelloBytes];
        (hello[0], hello[1]) = (Version, (byte)role);
        RandomNumberGenerator.Fill(hello.AsSpan(2));
        await SendAsync(writer, hello, cancellation);
        var nonce = await reader.ReadAsync(FrameBytesMax, cancellation)
            ?? throw new LinkException("it refused the link: it speaks another version of links");
        await SendAsync(writer, secret.Prove(Text("caller"u8, hello, nonce)), cancellation);
        var proof = await reader.ReadAsync(FrameBytesMax, cancellation)
            ?? throw new LinkException("it refused the link: its peers secret is another one");
        if (nonce.Length != NonceBytes || !secret.IsProof(proof, Text("called"u8, hello, nonce)))
            throw new LinkException("it does not know the peers secret: there is something else at that address");
    }

    /// <summary>The side that is called.</summary>
    /// <exception cref="LinkException">The caller does not know the secret, or speaks another version.</exception>
    public static async Task<PeerRole> AnswerAsync(FrameReader reader, PipeWriter writer, PeersSecret secret, CancellationToken cancellation)
    {
        var hello = await reader.ReadAsync(FrameBytesMax, cancellation) ?? throw new LinkException("it hung up before it said who it is");
        if (hello.Length != HelloBytes || hello[0] != Version || (PeerRole)hello[1] is not (PeerRole.Host or PeerRole.Client))
            throw new LinkException("it speaks another version of links");
        var nonce = RandomNumberGenerator.GetBytes(NonceBytes);
        await SendAsync(writer, nonce, cancellation);
        var proof = await reader.ReadAsync(FrameBytesMax, cancellation) ?? throw new LinkException("it hung up before it proved that it knows the peers secret");
        if (!secret.IsProof(proof, Text("caller"u8, hello, nonce)))
            throw new LinkException("its peers secret is another one");
        await SendAsync(writer, secret.Prove(Text("called"u8, hello, nonce)), cancellation);
        return (PeerRole)hello[1];
    }

    private static byte[] Text(ReadOnlySpan<byte> side, byte[] hello, byte[] nonce) => [.. "amoe link "u8, .. side, 0, .. hello, .. nonce];

    private static async Task SendAsync(PipeWriter writer, byte[] content, CancellationToken cancellation)
    {
        writer.WriteFrame(content);
        await writer.FlushAsync(cancellation);
    }
}
