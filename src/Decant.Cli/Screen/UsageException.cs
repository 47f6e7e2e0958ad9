using Decant.Core;

namespace Decant.Cli.Screen;

/// <summary>The command line asks for what is not possible.</summary>
/// <param name="message">One line.</param>
internal sealed class UsageException(string message) : DecantException(message);
