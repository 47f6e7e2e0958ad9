using Decant.Core;
using Xunit;

namespace Decant.Tests.Errors;

public sealed class DecantExceptionTests
{
    [Theory]
    [InlineData("node 'a\nb' fails", "node 'a\\nb' fails")]
    [InlineData("input '\u001b[2J'", "input '\\u001B[2J'")]
    [InlineData("'\r\t\u2028'", "'\\u000D\\u0009\\u2028'")]
    [InlineData("shape 2×3 of 'größe'", "shape 2×3 of 'größe'")]
    public void A_message_is_one_line_whatever_a_file_names_things(string message, string line)
    {
        Assert.Equal(line, new ModelException(message).Message);
        Assert.Equal(line, new DecantException(message, new IOException()).Message);
    }
}
