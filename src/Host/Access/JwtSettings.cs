using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Amoe.Engine.Text;
using Microsoft.IdentityModel.Tokens;

namespace Amoe.Host.Access;

/// <summary>
/// Which tokens are taken: those of an authority that publishes its keys (OpenID Connect discovery), or those signed
/// with a key whose public half is in a file.
/// </summary>
internal sealed record JwtSettings
{
    private const int RsaBitsMin = 2048;

    /// <summary>The <c>aud</c> that a token must have.</summary>
    public required string Audience { get; init; }

    /// <summary>The authority's address, https; excludes <see cref="SigningKeyFile"/>.</summary>
    public string? Authority { get; init; }

    /// <summary>A public key in PEM, RSA of at least 2,048 bits or of an elliptic curve.</summary>
    public string? SigningKeyFile { get; init; }

    /// <summary>The <c>iss</c> that a token must have; with an authority what the authority publishes.</summary>
    public string? Issuer { get; init; }

    /// <summary>Answers instead of the authority's server in tests; null: the network.</summary>
    internal HttpMessageHandler? Backchannel { get; init; }

    /// <summary>Checks what goes together.</summary>
    /// <exception cref="InputException">A setting is missing or of no use.</exception>
    public void Validate()
    {
        if (string.IsNullOrWhiteSpace(Audience))
            throw new InputException(
                "tokens need an audience: the 'aud' that the authority gives tokens for this host.");
        if (Authority is null == SigningKeyFile is null)
            throw new InputException("tokens need an authority or the file of a signing key, one of the two.");
        if (Authority is not null
            && (!Uri.TryCreate(Authority, UriKind.Absolute, out var uri) || uri.Scheme != Uri.UriSchemeHttps))
            throw new InputException(
                $"{Authority}: an authority is an https address, so that its keys cannot be replaced on the way.");
        if (SigningKeyFile is not null && string.IsNullOrWhiteSpace(Issuer))
            throw new InputException(
                $"{SigningKeyFile}: tokens signed with a key of a file need an issuer, the 'iss' they have.");
    }

    /// <summary>Reads the file of the signing key, where there is one.</summary>
    /// <exception cref="InputException">It cannot be read, or has no such key.</exception>
    public void RequireSigningKey()
    {
        if (SigningKeyFile is not null)
            ReadSigningKey();
    }

    /// <summary>The key of <see cref="SigningKeyFile"/>.</summary>
    /// <exception cref="InputException">The file cannot be read, or has no such key.</exception>
    internal SecurityKey ReadSigningKey()
    {
        try
        {
            var text = RegularFile.ReadText(SigningKeyFile!);
            var pem = PemEncoding.Find(text);
            if (text[pem.Label] != "PUBLIC KEY")
                throw new InputException(
                    $"{SigningKeyFile}: it has a {text[pem.Label].ToLowerInvariant()}, and the public key is wanted: openssl pkey -in KEY -pubout");
            var key = PublicKey.CreateFromSubjectPublicKeyInfo(Convert.FromBase64String(text[pem.Base64Data]), out _);
            if (key.GetRSAPublicKey() is { } rsa)
                return rsa.KeySize >= RsaBitsMin
                    ? new RsaSecurityKey(rsa)
                    : throw new InputException(
                        $"{SigningKeyFile}: an RSA key of {rsa.KeySize} bits is too short, {RsaBitsMin} are the least.");
            return key.GetECDsaPublicKey() is { } curve
                ? new ECDsaSecurityKey(curve)
                : throw new InputException($"{SigningKeyFile}: it is neither an RSA key nor one of an elliptic curve.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException
            or CryptographicException or FormatException)
        {
            throw new InputException(
                $"{SigningKeyFile}: the signing key cannot be read ({e.Message.TrimEnd('.')}). A public key in PEM is wanted.");
        }
    }
}
