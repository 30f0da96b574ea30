using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Amoe.Engine.Journal;
using Amoe.Engine.Journal.Postgres;
using Amoe.Engine.Tests.Journal;
using Amoe.Tests.Postgres;

namespace Amoe.Engine.Tests.Postgres;

/// <summary>The servers that are accepted, and how a server's identity is verified.</summary>
public sealed class PostgresConnectionTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("amoe-tls-");

    public void Dispose() => _folder.Delete(recursive: true);

    [PostgresFact]
    public void A_server_with_a_certificate_is_taken_at_its_word_or_held_to_it()
    {
        var (certificate, key) = Certificate("server");
        var (stranger, _) = Certificate("stranger");
        // The server accepts its key only if no other account can read it, and it runs under an account of its own.
        if (PostgresPrograms.Account is { } account)
            Process.Start("chown", ["-R", $"{account.User}:{account.Group}", _folder.FullName]).WaitForExit();
        using var server = PrivatePostgres.Start("ssl=on", $"ssl_cert_file={certificate}", $"ssl_key_file={key}");
        var database = server.NewDatabase();

        foreach (var trusting in new[]
        {
            "",
            "?sslmode=require",
            $"?sslmode=verify-ca&sslrootcert={certificate}",
            $"?sslmode=verify-full&sslrootcert={certificate}"
        })
            Assert.False(Journals.Exists(JournalAddress.Parse(database.Url + trusting)));
        foreach (var doubting in new[]
        {
            "?sslmode=verify-full",
            $"?sslmode=verify-ca&sslrootcert={stranger}",
            $"?sslmode=verify-full&sslrootcert={stranger}"
        })
            Some.AssertRefused(
                () => Journals.Exists(JournalAddress.Parse(database.Url + doubting)), "TLS with the server failed",
                "sslrootcert");
    }

    [PostgresFact]
    public void What_the_server_lacks_is_said_before_anything_is_made()
    {
        var database = PrivatePostgres.Shared.NewDatabase();
        database.Server.Execute(
            $"CREATE DATABASE {database.Name}_latin OWNER {PrivatePostgres.AppRole} ENCODING 'LATIN1' TEMPLATE template0");
        Some.AssertRefused(
            () =>
                PostgresSchema.Create(
                    new PostgresDatabase(JournalAddress.Parse(database.Url + "_latin")), Some.Identity), "LATIN1",
            "UTF8");
        database.Server.Execute(
            $"REVOKE CREATE ON DATABASE {database.Name} FROM PUBLIC; ALTER DATABASE {database.Name} OWNER TO postgres");
        Some.AssertRefused(
            () => PostgresSchema.Create(new PostgresDatabase(JournalAddress.Parse(database.Url)), Some.Identity),
            $"user {PrivatePostgres.AppRole} may not");
    }

    [PostgresFact]
    public void Commits_wait_for_the_disk_whatever_the_database_says()
    {
        var database = PrivatePostgres.Shared.NewDatabase();
        database.Execute($"ALTER DATABASE {database.Name} SET synchronous_commit = off");
        foreach (var use in Enum.GetValues<PostgresUse>())
        {
            using var connection = new PostgresDatabase(JournalAddress.Parse(database.Url)).Open(use);
            Assert.Equal("on", connection.Text("SHOW synchronous_commit"));

            // As a pool does before it hands a connection out again.
            connection.Run("DISCARD ALL");
            Assert.Equal("on", connection.Text("SHOW synchronous_commit"));
        }
    }

    [Theory]
    [InlineData(12, 22)]
    [InlineData(9, 6)]
    public void A_server_that_is_too_old_is_named(int major, int minor) =>
        Some.AssertRefused(
            () => PostgresDatabase.RequireNewEnough(new Version(major, minor), "postgres://u@h:5432/d"),
            "postgres://u@h:5432/d", $"PostgreSQL {major}", "newer server");

    [Fact]
    public void A_server_of_today_will_do() =>
        PostgresDatabase.RequireNewEnough(new Version(13, 0), "postgres://u@h:5432/d");

    private (string Certificate, string Key) Certificate(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var certificate = request.CreateSelfSigned(
            DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        var (certificateFile, keyFile) = (Path.Combine(_folder.FullName, $"{name}.crt"),
            Path.Combine(_folder.FullName, $"{name}.key"));
        File.WriteAllText(certificateFile, certificate.ExportCertificatePem());
        File.WriteAllText(keyFile, key.ExportPkcs8PrivateKeyPem());
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(keyFile, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return (certificateFile, keyFile);
    }
}
