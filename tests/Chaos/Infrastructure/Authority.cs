using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Amoe.Engine.Actors.Sharding;

namespace Amoe.Chaos.Infrastructure;

/// <summary>Issues the certificates by which hosts and clients prove to each other who they are.</summary>
internal sealed class Authority : IDisposable
{
    private readonly string _folder;
    private readonly string _file;
    private readonly X509Certificate2 _own;

    /// <param name="folder">Where the files are to be.</param>
    public Authority(string folder)
    {
        _folder = folder;
        _file = Path.Combine(folder, "authority.pem");
        using var key = RSA.Create(2048);
        var request = Request("amoe-chaos", key);
        request.CertificateExtensions.Add(
            new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        _own = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(30));
        File.WriteAllText(_file, _own.ExportCertificatePem());
    }

    public MutualTls Issue(string name)
    {
        using var key = RSA.Create(2048);
        using var certificate = Request(name, key).Create(
            _own, DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddDays(1), RandomNumberGenerator.GetBytes(8));
        var file = Path.Combine(_folder, $"{name}.pem");
        File.WriteAllText(file, $"{certificate.ExportCertificatePem()}\n{key.ExportPkcs8PrivateKeyPem()}");
        return new MutualTls(file, _file);
    }

    public void Dispose() => _own.Dispose();

    private static CertificateRequest Request(string name, RSA key) =>
        new($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
}
