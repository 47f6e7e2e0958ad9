using Decant.Core;

namespace Decant.Recipes;

/// <summary>A recipe is wrong. The message names the file, the line and what would work.</summary>
/// <param name="file">The recipe's file or name.</param>
/// <param name="line">The line, from 1.</param>
/// <param name="message">What is wrong and what would work.</param>
public sealed class RecipeException(string file, int line, string message) : DecantException($"{file}, line {line}: {message}")
{
    /// <summary>The line, from 1.</summary>
    public int Line { get; } = line;
}
