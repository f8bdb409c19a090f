using Xunit;

namespace Tdv.MLNet.Packaging;

/// <summary>Packs once for all of these tests, and runs one build at a time.</summary>
[CollectionDefinition(nameof(PackedOnce))]
public sealed class PackedOnce : ICollectionFixture<PackedLibrary>;
