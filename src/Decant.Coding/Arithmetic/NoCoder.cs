namespace Decant.Coding;

/// <summary>Writes nothing: for models that learn from what both sides know.</summary>
internal struct NoCoder : IBinaryCoder
{
    /// <inheritdoc/>
    public readonly int Length => 0;

    /// <inheritdoc/>
    public readonly int Code(int bit, int p1) => bit;

    /// <inheritdoc/>
    public readonly uint CodeRaw(uint value, int bits) => value;
}
