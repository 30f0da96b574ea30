using Amoe.Host.Reports.Html;

namespace Amoe.Host.Tests.Reports.Html;

public sealed class HtmlWriterTests
{
    [Fact]
    public void Texts_and_attributes_are_escaped() => Assert.Equal(
        "<p title=\"&quot;&gt;&lt;script&gt;\">&lt;/p&gt; &amp; &#39;é&#39; \ufffd</p>\n",
        Written(html => html.Element("p", "</p> & 'é' \u0001", ("title", "\"><script>"), ("id", null))));

    [Fact]
    public void Code_that_would_end_its_element_is_refused() => Assert.Throws<InvalidOperationException>(() =>
        Written(html => html.Code("script", "document.write('</SCRIPT>')")));

    private static string Written(Action<HtmlWriter> write)
    {
        using var output = new StringWriter();
        write(new HtmlWriter(output));
        return output.ToString();
    }
}
