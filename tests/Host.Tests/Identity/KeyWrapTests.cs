using System.Security.Cryptography;
using Amoe.Host.Identity;

namespace Amoe.Host.Tests.Identity;

public sealed class KeyWrapTests
{
    private const string KeyOfRfc = "5840df6e29b02af1ab493b705bf16ea1ae8338f4dcc176a8";

    /// <summary>RFC 5649, section 6: 20 and 7 octets of key data under a key of 192 bits.</summary>
    [Theory]
    [InlineData(
        "c37b7e6492584340bed12207808941155068f738", "138bdeaa9b8fa7fc61f97742e72248ee5ae6ae5360d1ae6a5f54f373fa543b6a")]
    [InlineData("466f7250617369", "afbeb0f07dfbf5419200f2ccb50bb24f")]
    public void The_examples_of_RFC_5649_come_out(string plain, string wrapped)
    {
        using var wrap = new KeyWrap(Convert.FromHexString(KeyOfRfc));

        Assert.Equal(wrapped, Convert.ToHexStringLower(wrap.Wrap(Convert.FromHexString(plain))));
        Assert.True(wrap.TryUnwrap(Convert.FromHexString(wrapped), out var unwrapped));
        Assert.Equal(plain, Convert.ToHexStringLower(unwrapped));
    }

    [Fact]
    public void Every_length_is_wrapped_as_the_runtime_wraps_it()
    {
        var key = RandomNumberGenerator.GetBytes(32);
        using var wrap = new KeyWrap(key);
        using var runtime = Aes.Create();
        runtime.Key = key;
        for (var length = 1; length <= 70; length++)
        {
            var plain = RandomNumberGenerator.GetBytes(length);
            var wrapped = wrap.Wrap(plain);
            Assert.Equal(runtime.EncryptKeyWrapPadded(plain), wrapped);
            Assert.True(wrap.TryUnwrap(wrapped, out var unwrapped));
            Assert.Equal(plain, unwrapped);
        }
    }

    [Theory]
    [InlineData(7)]
    [InlineData(32)]
    public void A_changed_bit_anywhere_and_another_length_are_found(int length)
    {
        using var wrap = new KeyWrap(RandomNumberGenerator.GetBytes(32));
        var wrapped = wrap.Wrap(RandomNumberGenerator.GetBytes(length));
        for (var bit = 0; bit < wrapped.Length * 8; bit++)
        {
            var changed = (byte[])wrapped.Clone();
            changed[bit / 8] ^= (byte)(1 << bit % 8);
            Assert.False(wrap.TryUnwrap(changed, out var plain));
            Assert.Empty(plain);
        }

        Assert.False(wrap.TryUnwrap(wrapped.AsSpan(8), out _));
        Assert.False(wrap.TryUnwrap(wrapped.AsSpan(1), out _));
        Assert.False(wrap.TryUnwrap([], out _));
    }

    /// <summary>What another program wrapped well, with a length or padding that this one would not write.</summary>
    [Theory]
    [InlineData("a65959a600000009")]
    [InlineData("a65959a600000000")]
    [InlineData("a65959a6ffffffff")]
    [InlineData("a65959a700000008")]
    [InlineData("a65959a600000007")]
    public void A_length_that_does_not_fit_and_padding_that_is_not_zero_are_refused(string check)
    {
        var key = RandomNumberGenerator.GetBytes(32);
        using var wrap = new KeyWrap(key);
        using var aes = Aes.Create();
        aes.Key = key;
        var wrapped = aes.EncryptEcb([.. Convert.FromHexString(check), 1, 2, 3, 4, 5, 6, 7, 8], PaddingMode.None);

        Assert.False(wrap.TryUnwrap(wrapped, out _));
    }

    [Fact]
    public async Task Many_threads_wrap_with_one_key()
    {
        using var wrap = new KeyWrap(RandomNumberGenerator.GetBytes(32));
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < 2_000; i++)
            {
                var plain = RandomNumberGenerator.GetBytes(32);
                Assert.True(wrap.TryUnwrap(wrap.Wrap(plain), out var unwrapped));
                Assert.Equal(plain, unwrapped);
            }
        })));
    }
}
