using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Amoe.Engine.Actors.Sharding;

namespace Amoe.Tests.Tls;

/// <summary>Issues the certificates by which hosts and senders prove to each other who they are.</summary>
internal sealed class Authority : IDisposable
{
    private readonly string _folder;
    private readonly X509Certificate2 _own;

    /// <param name="folder">Where the files are to be.</param>
    public Authority(string folder, string name)
    {
        (_folder, File) = (folder, Path.Combine(folder, $"{name}.pem"));
        using var key = RSA.Create(2048);
        var request = Request(name, key);
        request.CertificateExtensions.Add(
            new X509BasicConstraintsExtension(
                certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        _own = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(30));
        System.IO.File.WriteAllText(File, _own.ExportCertificatePem());
    }

    /// <summary>Its own certificate.</summary>
    public string File { get; }

    public MutualTls Issue(string name)
    {
        using var key = RSA.Create(2048);
        using var certificate = Request(name, key).Create(
            _own, DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddDays(1),
            RandomNumberGenerator.GetBytes(8));
        var file = Path.Combine(_folder, $"{name}.pem");
        System.IO.File.WriteAllText(file, $"{certificate.ExportCertificatePem()}\n{key.ExportPkcs8PrivateKeyPem()}");
        return new MutualTls(file, File);
    }

    public void Dispose() => _own.Dispose();

    private static CertificateRequest Request(string name, RSA key) =>
        new($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
}
