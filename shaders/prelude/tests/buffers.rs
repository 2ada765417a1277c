//! Constructors refuse what is too small or misaligned; accesses stay inside.

use scenec_prelude::{BufferError, ReadArray, ReadTail, SharedArray, WriteArray, WriteRef, WriteTail};

#[test]
fn empty_and_misaligned_memory_is_refused() {
    let words = [0u32; 4];
    let bytes: &[u8] = bytemuck::cast_slice(&words);
    assert_eq!(ReadArray::<u32>::new(&[]).err(), Some(BufferError::TooSmall { needed: 4, given: 0 }));
    assert_eq!(ReadArray::<u32>::from_bytes(&bytes[1..]).err(), Some(BufferError::Misaligned));
    assert_eq!(
        ReadArray::<[u32; 4]>::from_bytes(&bytes[..12]).err(),
        Some(BufferError::TooSmall { needed: 16, given: 12 })
    );
    assert_eq!(
        ReadTail::<[u32; 2], [u32; 3]>::from_bytes(bytes).err(),
        Some(BufferError::TooSmall { needed: 20, given: 16 })
    );
    let mut words = [0u32; 4];
    assert!(WriteArray::<u32>::new(&mut []).is_err());
    assert!(SharedArray::<u32>::new(&mut []).is_err());
    let bytes: &mut [u8] = bytemuck::cast_slice_mut(&mut words);
    assert_eq!(WriteRef::<[u32; 5]>::from_bytes(bytes).err(), Some(BufferError::TooSmall { needed: 20, given: 16 }));
    assert_eq!(WriteArray::<u32>::from_bytes(&mut bytes[2..]).err(), Some(BufferError::Misaligned));
    assert!(WriteTail::<[u32; 2], [u32; 3]>::from_bytes(bytes).is_err());
    let text = BufferError::TooSmall { needed: 20, given: 16 }.to_string();
    assert_eq!(text, "a buffer of 16 bytes is bound where 20 are needed");
}

#[test]
fn the_last_whole_element_is_the_last() {
    let words = [1u32, 2, 3, 4, 5];
    let view = ReadArray::<[u32; 2]>::from_bytes(bytemuck::cast_slice(&words)).expect("two elements");
    assert_eq!(
        (view.len(), *view.at(0), *view.at(1), *view.at(2), *view.at(u32::MAX)),
        (2, [1, 2], [3, 4], [3, 4], [3, 4])
    );
    assert_eq!(view.as_slice(), [[1, 2], [3, 4]]);
}

#[test]
fn writes_stay_inside() {
    let mut words = [1u32, 2, 3];
    let view = WriteArray::new(&mut words).expect("three elements");
    view.write(1, 20);
    view.write(99, 30);
    assert_eq!((view.read(0), view.read(1), view.read(7)), (1, 20, 30));
    assert_eq!(words, [1, 20, 30]);
}

#[test]
fn a_tail_starts_behind_its_head() {
    let mut words = [1u32, 2, 3, 4, 5, 6];
    {
        let read = ReadTail::<[u32; 2], u32>::from_bytes(bytemuck::cast_slice(&words)).expect("a tail");
        assert_eq!((*read.head(), read.tail().len(), *read.tail().at(0), *read.tail().at(9)), ([1, 2], 4, 3, 6));
    }
    let write = WriteTail::<[u32; 2], [u32; 2]>::from_bytes(bytemuck::cast_slice_mut(&mut words)).expect("a tail");
    write.tail().write(5, [50, 60]);
    assert_eq!((write.tail().len(), write.tail().read(1)), (2, [50, 60]));
    assert_eq!(words, [1, 2, 3, 4, 50, 60]);
    // A struct that is nothing but its array has a head of no bytes.
    let mut words = [7u32];
    let write = WriteTail::<[u32; 0], u32>::from_bytes(bytemuck::cast_slice_mut(&mut words)).expect("a tail");
    assert_eq!(write.tail().read(3), 7);
}
