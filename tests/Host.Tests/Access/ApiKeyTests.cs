using Amoe.Host.Access;

namespace Amoe.Host.Tests.Access;

/// <summary>The form of a key.</summary>
public sealed class ApiKeyTests
{
    private const string Secret = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA0";

    [Fact]
    public void A_key_is_amoe_an_id_of_eight_hex_digits_and_a_secret_of_43_characters()
    {
        var (id, secret) = (ApiKey.NewId(), ApiKey.NewSecret());
        var text = ApiKey.Text(id, secret);

        Assert.Matches("^amoe_[0-9a-f]{8}_[A-Za-z0-9_-]{43}$", text);
        Assert.Equal(ApiKey.Length, text.Length);
        Assert.True(ApiKey.TryParse(text, out var parsed, out var found));
        Assert.Equal((id, secret), (parsed, found.ToString()));
        Assert.Equal(ApiKey.SecretBytes, System.Buffers.Text.Base64Url.DecodeFromChars(secret).Length);
    }

    [Theory]
    [InlineData("")]
    [InlineData("amoe_")]
    [InlineData("amoe_0000000a_" + Secret + "A")]
    [InlineData("amoe_0000000A_" + Secret)]
    [InlineData("amoe_0000000g_" + Secret)]
    [InlineData("Amoe_0000000a_" + Secret)]
    [InlineData("amoe_0000000a-" + Secret)]
    [InlineData("amoe_0000000a_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA+")]
    [InlineData("amoe_0000000a_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\u0141")]
    public void What_does_not_have_the_form_is_no_key(string text) => Assert.False(ApiKey.TryParse(text, out _, out _));

    [Fact]
    public void Only_one_spelling_of_a_secret_is_right()
    {
        // The last character carries four bits of the secret and two that decode to nothing.
        var (one, other) = (new byte[32], new byte[32]);
        ApiKey.Hash(Secret, one);
        ApiKey.Hash(Secret[..^1] + "1", other);

        Assert.NotEqual(one, other);
    }

    [Fact]
    public void No_two_of_a_thousand_secrets_begin_alike() =>
        Assert.Equal(1_000, Enumerable.Range(0, 1_000).Select(_ => ApiKey.NewSecret()[..8]).Distinct().Count());
}
