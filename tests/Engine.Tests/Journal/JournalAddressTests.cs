using Amoe.Engine.Journal;
using Npgsql;

namespace Amoe.Engine.Tests.Journal;

/// <summary>
/// How people name a journal. Tests that set PG… variables are not here: they would be seen by tests beside them.
/// </summary>
public sealed class JournalAddressTests
{
    [Theory]
    [InlineData("year.amoe")]
    [InlineData("/var/lib/postgres/year.amoe")]
    [InlineData("postgres:year")]
    public void Whatever_is_no_address_is_a_file(string path)
    {
        var address = JournalAddress.Parse(path);
        Assert.False(address.IsPostgres);
        Assert.Equal((path, path), (address.Path, address.Display));
    }

    [Fact]
    public void An_address_says_where_the_schema_is_and_never_shows_the_password()
    {
        var address = JournalAddress.Parse(
            "postgres://am%C3%ADne:p%40ss%2Fw%3Ard@db.example:6543/nation%20al?schema=amoe_2024&sslmode=verify-full&sslrootcert=/etc/ca.pem");
        var connection = address.Connection;
        Assert.Equal(("amíne", "p@ss/w:rd"), (connection.Username, connection.Password));
        Assert.Equal(("db.example", 6543, "nation al"), (connection.Host, connection.Port, connection.Database));
        Assert.Equal((SslMode.VerifyFull, "/etc/ca.pem"), (connection.SslMode, connection.RootCertificate));
        Assert.Equal("amoe_2024", address.Schema);
        Assert.Equal("postgres://amíne@db.example:6543/nation al?schema=amoe_2024", address.Display);
        Assert.Equal(address.Display, address.ToString());
    }

    [Fact]
    public void What_is_left_out_is_as_for_every_program_of_PostgreSQL()
    {
        var connection = JournalAddress.Parse("postgresql://somebody@").Connection;
        Assert.Equal(("localhost", 5432), (connection.Host, connection.Port));
        Assert.Equal(("somebody", "somebody"), (connection.Username, connection.Database));
        Assert.Equal("amoe", JournalAddress.Parse("postgres:///x").Schema);
        Assert.Equal(Environment.UserName, JournalAddress.Parse("postgres://").Connection.Username);
    }

    [Fact]
    public void Hosts_may_be_numbers_and_folders_of_sockets()
    {
        Assert.Equal(
            ("::1", 7000),
            (JournalAddress.Parse("postgres://u@[::1]:7000/d").Connection.Host,
                JournalAddress.Parse("postgres://u@[::1]:7000/d").Connection.Port));
        Assert.Equal("postgres://u@[::1]:5432/d", JournalAddress.Parse("postgres://u@[::1]/d").Display);
        Assert.Equal("/run/postgresql", JournalAddress.Parse("postgres://u@%2Frun%2Fpostgresql/d").Connection.Host);
    }

    [Theory]
    [InlineData("postgres://u:secret@h:port/d", "port")]
    [InlineData("postgres://u:secret@h:0/d", "port")]
    [InlineData("postgres://u:secret@h/d?schema=Nation", "schema")]
    [InlineData("postgres://u:secret@h/d?schema=pg_mine", "schema")]
    [InlineData("postgres://u:secret@h/d?sslmode=on", "sslmode")]
    [InlineData("postgres://u:secret@h/d?colour=red", "«colour»")]
    [InlineData("postgres://u:secret@h/d?schema", "«schema»")]
    [InlineData("postgres://u:secret%@h/d", "password")]
    [InlineData("postgres://u:secret@h1,h2/d", "several")]
    [InlineData("postgres://u:secret@[::1/d", "IPv6")]
    public void A_wrong_address_is_one_line_that_shows_no_password(string text, string says)
    {
        var message = Assert.Throws<JournalException>(() => JournalAddress.Parse(text)).Message;
        Assert.Contains(says, message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }
}
