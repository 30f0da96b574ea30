using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Akka.Remote.Transport.DotNetty;

namespace Amoe.Engine.Actors.Sharding;

/// <summary>
/// The two settings of mutual TLS between hosts and senders: both sides of a connection present a certificate, and each
/// accepts those of one authority alone.
/// </summary>
/// <param name="CertificateFile">PEM: this host's certificate and its private key.</param>
/// <param name="AuthorityFile">
/// PEM: the certificate of the authority that issued those of all hosts and senders.
/// </param>
public sealed record MutualTls(string CertificateFile, string AuthorityFile)
{
    /// <summary>The setup of the framework's remoting.</summary>
    /// <param name="log">Called, with one line, when a peer is refused.</param>
    /// <exception cref="MutualTlsException">A file cannot be read, or is not what it should be.</exception>
    internal DotNettySslSetup Load(Action<string> log)
    {
        var certificate = Read(
            CertificateFile, "a certificate with its private key", file => X509Certificate2.CreateFromPemFile(file));
        var authority = Read(
            AuthorityFile, "an authority's certificate",
            file => X509Certificate2.CreateFromPem(File.ReadAllText(file)));
        if (!IsIssued(certificate, authority))
            throw new MutualTlsException(
                $"{CertificateFile}: the authority in {AuthorityFile} did not issue this certificate, or it is not valid today. Name another.");
        return new DotNettySslSetup(
            certificate, suppressValidation: false, requireMutualAuthentication: true,
            (peer, _, name, _, _) =>
            {
                if (peer is not null && IsIssued(peer, authority))
                    return true;
                log(
                    $"{name}: refused a connection: {(peer is null ? "it has no certificate" : $"the authority in {AuthorityFile} did not issue its certificate, «{peer.Subject}», or it is not valid today")}");
                return false;
            });
    }

    private static bool IsIssued(X509Certificate2 certificate, X509Certificate2 authority)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(authority);

        // An authority of hosts has no list of revoked certificates that every host could reach.
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        return chain.Build(certificate);
    }

    private static X509Certificate2 Read(string file, string what, Func<string, X509Certificate2> read)
    {
        try
        {
            return read(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new MutualTlsException(
                $"{file}: it is not {what} in PEM that can be read ({e.Message.TrimEnd('.')}).");
        }
    }
}

/// <summary>The files of mutual TLS cannot be used: one line that says which and why.</summary>
public sealed class MutualTlsException(string message) : Exception(message);
